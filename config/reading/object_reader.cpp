#include "config/reading/object_reader.hpp"

#include "config/reading/complaint.hpp"
#include "config/reading/nearest.hpp"
#include "config/reading/values.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace gateway {

namespace {

constexpr between span_of_seconds{0.001, 86400};
constexpr between span_or_zero{0, 86400};
using fractional_seconds = std::chrono::duration<double>;

} // namespace

void object_reader::read_tree(const json& tree, complaints& said, const reads& read) {
  object_reader(nullptr, {}, &said, nullptr).read_below(&tree, {}, read);
}

std::vector<key_description> object_reader::describe(const reads& read) {
  std::vector<key_description> described;
  object_reader(nullptr, {}, nullptr, &described).read_below(nullptr, {}, read);
  return described;
}

void object_reader::read_below(const json* value, std::string pointer, const reads& read) {
  if (described_ != nullptr) {
    object_reader in(nullptr, std::move(pointer), nullptr, described_);
    return read(in);
  }
  if (value == nullptr || value->is_discarded()) return;
  if (!value->is_object()) return said_->add(std::move(pointer), must_be("an object", *value));
  object_reader in(value, std::move(pointer), said_, nullptr);
  read(in);
  for (const auto& [key, member] : value->items()) {
    const bool known = std::find(in.known_.begin(), in.known_.end(), key) != in.known_.end();
    if (!known) in.complain(key, "unknown key; " + suggest(key, in.known_));
  }
}

key_description object_reader::declaration(std::string_view key, std::string_view type, std::string_view doc,
                                           presence need) const {
  key_description declared;
  declared.pointer = below(pointer_, key);
  declared.type = type;
  declared.doc = doc;
  declared.need = need;
  return declared;
}

const nlohmann::json* object_reader::find(std::string_view key, key_description declared) {
  known_.push_back(key);
  if (described_ != nullptr) {
    if (declared.need != presence::optional) declared.standard.reset();
    described_->push_back(std::move(declared));
    return nullptr;
  }
  const auto found = object_->find(key);
  if (found == object_->end()) {
    if (declared.need == presence::required) complain(key, "is missing");
    return nullptr;
  }
  return found->is_discarded() ? nullptr : &*found;
}

template <class Convert>
auto object_reader::take(std::string_view key, key_description declared, Convert convert) {
  using value_type = typename decltype(convert(std::declval<const json&>()))::value_type;
  std::optional<value_type> out;
  const json* const value = find(key, std::move(declared));
  if (value == nullptr) return out;
  if (auto made = convert(*value)) {
    out = *std::move(made);
  } else {
    complain(key, std::move(made).error());
  }
  return out;
}

void object_reader::complain(std::string_view key, std::string message) {
  said_->add(below(pointer_, key), std::move(message));
}

void object_reader::refuse(std::string_view key, std::string message) {
  said_->add_news(below(pointer_, key), std::move(message));
}

void object_reader::refuse(std::string_view key, std::size_t index, std::string message) {
  said_->add_news(below(below(pointer_, key), index), std::move(message));
}

void object_reader::text(std::string_view key, std::string& to, std::string_view doc, presence need) {
  auto declared = declaration(key, "string", doc, need);
  declared.standard = json(to).dump();
  if (auto value = take(key, std::move(declared), text_in)) to = *std::move(value);
}

void object_reader::text(std::string_view key, secret& to, std::string_view doc, presence need) {
  std::string shown = to.reveal();
  text(key, shown, doc, need);
  to = secret(std::move(shown));
}

void object_reader::path(std::string_view key, std::filesystem::path& to, std::string_view doc, presence need) {
  std::string written = to.string();
  text(key, written, doc, need);
  to = std::move(written);
}

void object_reader::texts(std::string_view key, std::vector<std::string>& to, std::string_view doc) {
  auto declared = declaration(key, "array", doc);
  declared.standard = json(to).dump();
  const json* const value = find(key, std::move(declared));
  if (value == nullptr) return;
  if (!value->is_array()) return complain(key, must_be("an array of strings", *value));
  to.clear();
  for (std::size_t i = 0; i < value->size(); ++i) {
    const json& element = (*value)[i];
    // One that is wrong keeps its place, so that the indexes of the others stay true.
    to.push_back(text_in(element).value_or(std::string()));
    if (!element.is_string() && !element.is_discarded()) {
      said_->add(below(below(pointer_, key), i), must_be("a string", element));
    }
  }
}

void object_reader::texts(std::string_view key, std::vector<secret>& to, std::string_view doc) {
  std::vector<std::string> shown;
  shown.reserve(to.size());
  for (const auto& each : to) shown.push_back(each.reveal());
  texts(key, shown, doc);
  to.clear();
  for (auto& each : shown) to.emplace_back(std::move(each));
}

void object_reader::flag(std::string_view key, bool& to, std::string_view doc) {
  auto declared = declaration(key, "boolean", doc);
  declared.standard = json(to).dump();
  to = take(key, std::move(declared), flag_in).value_or(to);
}

void object_reader::number(std::string_view key, double& to, between bounds, std::string_view doc) {
  auto declared = declaration(key, "number", doc);
  declared.standard = as_json(to);
  declared.bounds = bounds;
  const auto convert = [&](const json& value) { return number_in(value, bounds); };
  to = take(key, std::move(declared), convert).value_or(to);
}

void object_reader::number(std::string_view key, std::optional<double>& to, between bounds, std::string_view doc) {
  auto declared = declaration(key, "number", doc, presence::derived);
  declared.bounds = bounds;
  const auto convert = [&](const json& value) { return number_in(value, bounds); };
  if (const auto value = take(key, std::move(declared), convert)) to = value;
}

void object_reader::seconds(std::string_view key, std::chrono::milliseconds& to, std::string_view doc, presence need) {
  auto declared = declaration(key, "number", doc, need);
  declared.standard = as_json(fractional_seconds(to).count());
  declared.bounds = span_of_seconds;
  const auto convert = [](const json& value) { return number_in(value, span_of_seconds); };
  if (const auto value = take(key, std::move(declared), convert)) {
    to = std::chrono::round<std::chrono::milliseconds>(fractional_seconds(*value));
  }
}

void object_reader::seconds_or_zero(std::string_view key, std::chrono::milliseconds& to, std::string_view doc) {
  auto declared = declaration(key, "number", doc);
  declared.standard = as_json(fractional_seconds(to).count());
  declared.bounds = span_or_zero;
  const auto convert = [](const json& value) { return number_in(value, span_or_zero); };
  if (const auto value = take(key, std::move(declared), convert)) {
    to = std::chrono::round<std::chrono::milliseconds>(fractional_seconds(*value));
    if (*value > 0) to = std::max(to, std::chrono::milliseconds(1));
  }
}

std::optional<std::int64_t> object_reader::whole(std::string_view key, std::int64_t standard, between bounds,
                                                 std::string_view doc) {
  auto declared = declaration(key, "integer", doc);
  declared.standard = std::to_string(standard);
  declared.bounds = bounds;
  return take(key, std::move(declared), [&](const json& value) { return whole_number_in(value, bounds); });
}

std::optional<std::size_t> object_reader::one_of(std::string_view key, const std::vector<std::string_view>& words,
                                                 std::string_view standard, std::string_view doc, presence need) {
  auto declared = declaration(key, "string", doc, need);
  declared.standard = json(standard).dump();
  declared.choices.assign(words.begin(), words.end());
  return take(key, std::move(declared), [&](const json& value) { return word_in(value, words); });
}

void object_reader::object(std::string_view key, std::string_view doc, const reads& read) {
  object_if_there(key, doc, read);
}

bool object_reader::object_if_there(std::string_view key, std::string_view doc, const reads& read) {
  const json* const value = find(key, declaration(key, "object", doc));
  read_below(value, below(pointer_, key), read);
  return value != nullptr && value->is_object();
}

void object_reader::members(std::string_view key, std::string_view doc,
                            const std::function<reads(const std::string& name)>& add) {
  const json* const value = find(key, declaration(key, "object", doc, presence::derived));
  const std::string here = below(pointer_, key);
  if (described_ != nullptr) return read_below(nullptr, here + "/*", add("*"));
  if (value == nullptr) return;
  if (!value->is_object()) return complain(key, must_be("an object", *value));
  for (const auto& [name, member] : value->items()) read_below(&member, below(here, name), add(name));
}

void object_reader::elements(std::string_view key, std::string_view doc, presence need,
                             const std::function<reads()>& add) {
  auto declared = declaration(key, "array", doc, need);
  declared.filled = true;
  const json* const value = find(key, std::move(declared));
  const std::string here = below(pointer_, key);
  if (described_ != nullptr) return read_below(nullptr, here + "/*", add());
  if (value == nullptr) return;
  if (!value->is_array()) return complain(key, must_be("an array", *value));
  if (value->empty()) return complain(key, "must not be empty");
  for (std::size_t i = 0; i < value->size(); ++i) read_below(&(*value)[i], below(here, i), add());
}

} // namespace gateway
