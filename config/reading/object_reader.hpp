#pragma once

#include "config/reading/key_description.hpp"
#include "config/reading/named.hpp"
#include "domain/api_key.hpp"

#include <nlohmann/json_fwd.hpp>

#include <chrono>
#include <concepts>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {

class complaints;

/// Reads one JSON object, key by key. Each call declares a key (its name, type, bounds, default, sentence), and takes
/// the value over if it is there and right; so the calls are the table of what the object may hold, and whatever
/// they did not name is an unknown key. What is wrong is complained of, and leaves the variable as it was. The default
/// is what the variable held. Without a JSON object, nothing is read and the declarations are collected.
class object_reader {
 public:
  using reads = std::function<void(object_reader&)>;

  /// Reads the whole tree with `read` and complains of the keys that it did not ask for.
  static void read_tree(const nlohmann::json& tree, complaints& said, const reads& read);
  /// What `read` would take, in its order.
  static std::vector<key_description> describe(const reads& read);

  void text(std::string_view key, std::string& to, std::string_view doc, presence need = presence::optional);
  void text(std::string_view key, secret& to, std::string_view doc, presence need = presence::optional);
  void path(std::string_view key, std::filesystem::path& to, std::string_view doc, presence need = presence::optional);
  void texts(std::string_view key, std::vector<std::string>& to, std::string_view doc);
  void texts(std::string_view key, std::vector<secret>& to, std::string_view doc);
  void flag(std::string_view key, bool& to, std::string_view doc);

  /// A text that becomes a `T`: `parse` gives a tl::expected<T, std::string>.
  template <class T, class Parse>
  void parsed(std::string_view key, T& to, Parse parse, std::string_view doc) {
    std::string written;
    text(key, written, doc, presence::derived);
    if (written.empty()) return;
    if (auto made = parse(written)) {
      to = *std::move(made);
    } else {
      complain(key, made.error());
    }
  }

  template <std::integral Number>
  void number(std::string_view key, Number& to, between bounds, std::string_view doc) {
    if (const auto value = whole(key, static_cast<std::int64_t>(to), bounds, doc)) to = static_cast<Number>(*value);
  }
  void number(std::string_view key, double& to, between bounds, std::string_view doc);
  void number(std::string_view key, std::optional<double>& to, between bounds, std::string_view doc);

  /// Seconds, fractions allowed, from a millisecond to a day.
  void seconds(std::string_view key, std::chrono::milliseconds& to, std::string_view doc,
               presence need = presence::optional);
  /// The same, where 0 has a meaning of its own; what is over 0 stays so.
  void seconds_or_zero(std::string_view key, std::chrono::milliseconds& to, std::string_view doc);

  template <class Names, class Enum>
  void choice(std::string_view key, Enum& to, const Names& names, std::string_view doc,
              presence need = presence::optional) {
    std::vector<std::string_view> words;
    words.reserve(names.size());
    for (const auto& each : names) words.push_back(each.name);
    if (const auto index = one_of(key, words, name_of(names, to), doc, need)) to = names[*index].value;
  }

  /// An object of known keys, always read, so that its own defaults are declared.
  void object(std::string_view key, std::string_view doc, const reads& read);

  /// An object that may be left out as a whole.
  template <class T, class Read>
  void object(std::string_view key, std::optional<T>& to, Read read, std::string_view doc) {
    T value;
    if (object_if_there(key, doc, [&](object_reader& in) { read(in, value); })) to = std::move(value);
  }

  /// An object whose keys are names; each value starts as a copy of `fresh`.
  template <class T, class Less, class Read>
  void each(std::string_view key, std::map<std::string, T, Less>& to, const T& fresh, Read read, std::string_view doc) {
    members(key, doc, [&](const std::string& name) -> reads {
      return [&value = to[name] = fresh, read](object_reader& in) { read(in, value); };
    });
  }

  /// An array of objects, at least one.
  template <class T, class Read>
  void list(std::string_view key, std::vector<T>& to, Read read, std::string_view doc,
            presence need = presence::required) {
    elements(key, doc, need,
             [&]() -> reads { return [&value = to.emplace_back(), read](object_reader& in) { read(in, value); }; });
  }

  /// Complains of a value that was read, or of an element of it, unless something was said about it already.
  void refuse(std::string_view key, std::string message);
  void refuse(std::string_view key, std::size_t index, std::string message);

 private:
  using json = nlohmann::json;

  object_reader(const json* object, std::string pointer, complaints* said, std::vector<key_description>* described)
      : object_(object), pointer_(std::move(pointer)), said_(said), described_(described) {}

  key_description declaration(std::string_view key, std::string_view type, std::string_view doc,
                              presence need = presence::optional) const;
  const json* find(std::string_view key, key_description declared);
  /// What `convert` makes of the key's value; nothing when it is absent or wrong.
  template <class Convert>
  auto take(std::string_view key, key_description declared, Convert convert);
  void complain(std::string_view key, std::string message);
  void read_below(const json* value, std::string pointer, const reads& read);

  std::optional<std::int64_t> whole(std::string_view key, std::int64_t standard, between bounds, std::string_view doc);
  std::optional<std::size_t> one_of(std::string_view key, const std::vector<std::string_view>& words,
                                    std::string_view standard, std::string_view doc, presence need);
  bool object_if_there(std::string_view key, std::string_view doc, const reads& read);
  void members(std::string_view key, std::string_view doc, const std::function<reads(const std::string& name)>& add);
  void elements(std::string_view key, std::string_view doc, presence need, const std::function<reads()>& add);

  const json* object_; ///< Null: absent, or only describing.
  std::string pointer_;
  complaints* said_;                        ///< Null while describing.
  std::vector<key_description>* described_; ///< Null while reading.
  std::vector<std::string_view> known_;
};

} // namespace gateway
