#include "config/reading/json_text.hpp"

#include "config/reading/complaint.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace gateway {

namespace {

using nlohmann::json;

constexpr std::size_t deepest = 64;

std::string place(std::string_view text, std::size_t position) {
  const auto read = text.substr(0, std::min(position == 0 ? 0 : position - 1, text.size()));
  const auto line_starts = read.rfind('\n') + 1; // npos + 1 is 0
  return fmt::format("line {}, column {}", 1 + std::count(read.begin(), read.end(), '\n'),
                     read.size() - line_starts + 1);
}

// The parser's own words, less its prefix and less the token it read, which may be a secret.
std::string reason(const json::exception& error) {
  std::string_view what = error.what();
  if (what.find("out_of_range") != what.npos) return "a number is too large";
  if (const auto start = what.find(": "); start != what.npos) what.remove_prefix(start + 2);
  return std::string(what.substr(0, what.find("; last read:")));
}

/// Builds the tree as nlohmann's own builder does, and sees the keys that come twice.
class tree_builder : public nlohmann::json_sax<json> {
 public:
  tree_builder(std::string_view text, json& root, complaints& said) : text_(text), root_(root), said_(said) {}

  bool null() override { return add(nullptr) != nullptr; }
  bool boolean(bool value) override { return add(value) != nullptr; }
  bool number_integer(number_integer_t value) override { return add(value) != nullptr; }
  bool number_unsigned(number_unsigned_t value) override { return add(value) != nullptr; }
  bool number_float(number_float_t value, const string_t&) override { return add(value) != nullptr; }
  bool string(string_t& value) override { return add(std::move(value)) != nullptr; }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(json::object()); }
  bool start_array(std::size_t) override { return open(json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(string_t& name) override {
    open_.back().key = std::move(name);
    if (open_.back().value->contains(open_.back().key)) said_.add(pointer(), "the key is there twice");
    return true;
  }

  bool parse_error(std::size_t position, const std::string&, const json::exception& error) override {
    said_.add({}, fmt::format("{}: {}", place(text_, position), reason(error)));
    return false;
  }

 private:
  struct container {
    json* value;
    std::string key; ///< The member that is being read, in an object.
  };

  json* add(json value) {
    if (open_.empty()) {
      root_ = std::move(value);
      return &root_;
    }
    json& parent = *open_.back().value;
    if (parent.is_array()) return &parent.emplace_back(std::move(value));
    return &(parent[open_.back().key] = std::move(value));
  }

  bool open(json empty) {
    if (open_.size() == deepest) {
      said_.add({}, fmt::format("is nested deeper than {} levels", deepest));
      return false;
    }
    open_.push_back({add(std::move(empty)), {}});
    return true;
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  std::string pointer() const {
    std::string out;
    for (const auto& each : open_) {
      out = each.value->is_array() ? below(out, each.value->size() - 1) : below(out, each.key);
    }
    return out;
  }

  std::string_view text_;
  json& root_;
  complaints& said_;
  std::vector<container> open_;
};

} // namespace

bool parse_json(std::string_view text, json& to, complaints& said) {
  tree_builder builder(text, to, said);
  return json::sax_parse(text, &builder, json::input_format_t::json, true, true);
}

} // namespace gateway
