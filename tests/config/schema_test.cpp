#include "config/keys.hpp"
#include "config/reading/complaint.hpp"
#include "config/reading/object_reader.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <fstream>
#include <map>
#include <string>
#include <vector>

using namespace gateway;
using nlohmann::json;

namespace {

/// What an editor is told about one key, from the schema or from the loader; compared as a whole.
using rules = std::map<std::string, json>;

// Pointer to rules, as the loader declares them.
std::map<std::string, rules> of_loader() {
  std::map<std::string, rules> all;
  config to;
  for (const auto& key : object_reader::describe([&](object_reader& in) { read_config(in, to); })) {
    rules one{{"type", key.type}, {"description", key.doc}, {"required", key.need == presence::required}};
    if (key.standard) one["default"] = json::parse(*key.standard);
    if (key.bounds) one["minimum"] = key.bounds->least;
    if (key.bounds) one["maximum"] = key.bounds->most;
    if (!key.choices.empty()) one["enum"] = key.choices;
    if (key.filled) one["minItems"] = 1;
    REQUIRE(all.emplace(key.pointer, one).second);
  }
  return all;
}

void walk(const json& object, const std::string& pointer, std::map<std::string, rules>& all);

// Goes on into what is below a key: an object of known keys, one of names, or an array of objects.
void walk_below(const json& node, const std::string& pointer, std::map<std::string, rules>& all) {
  INFO(pointer);
  if (node.at("type") == "array") {
    const auto& items = node.at("items");
    if (items.at("type") == "object") return walk(items, pointer + "/*", all);
    REQUIRE(items.at("type") == "string");
  } else if (node.at("type") == "object") {
    const auto& others = node.at("additionalProperties");
    if (others.is_object()) return walk(others, pointer + "/*", all);
    walk(node, pointer, all);
  }
}

void walk(const json& object, const std::string& pointer, std::map<std::string, rules>& all) {
  INFO(pointer);
  REQUIRE(object.at("additionalProperties") == false);
  const auto required = object.value("required", std::vector<std::string>());
  for (const auto& name : required) REQUIRE(object.at("properties").contains(name));
  for (const auto& [key, node] : object.at("properties").items()) {
    const auto here = below(pointer, key);
    rules one{{"required", std::find(required.begin(), required.end(), key) != required.end()}};
    for (const auto* word : {"type", "description", "default", "minimum", "maximum", "enum", "minItems"}) {
      if (node.contains(word)) one[word] = node[word];
    }
    REQUIRE(all.emplace(here, one).second);
    walk_below(node, here, all);
  }
}

std::map<std::string, rules> of_schema() {
  std::ifstream file("config/gateway.schema.json");
  std::map<std::string, rules> all;
  walk(json::parse(file), "", all);
  return all;
}

} // namespace

TEST_CASE("the schema and the loader know the same keys with the same rules") {
  const auto schema = of_schema();
  const auto loader = of_loader();
  CHECK(loader.size() > 90);
  for (const auto& [pointer, rules_of_loader] : loader) {
    INFO("the loader knows " << pointer);
    const auto found = schema.find(pointer);
    REQUIRE(found != schema.end());
    CHECK(json(found->second) == json(rules_of_loader));
  }
  for (const auto& [pointer, rules_of_schema] : schema) {
    INFO("the schema knows " << pointer);
    CHECK(loader.contains(pointer));
  }
}
