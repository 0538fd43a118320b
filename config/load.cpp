#include "config/load.hpp"

#include "config/checks.hpp"
#include "config/keys.hpp"
#include "config/legacy.hpp"
#include "config/reading/json_text.hpp"
#include "config/reading/object_reader.hpp"
#include "config/reading/substitution.hpp"
#include "config/reading/text_file.hpp"

#include <nlohmann/json.hpp>

namespace gateway {

namespace {

constexpr std::size_t largest_config = 4 << 20;

// Whoever names no upstream and no model gets the built-in one, so that `{}` is a gateway that answers.
void add_built_in(config& to, const nlohmann::json& tree) {
  if (!tree.contains("upstreams")) to.upstreams["echo"].timeouts = to.timeouts.upstream;
  if (tree.contains("models") || tree.contains("upstreams")) return;
  to.models["echo"].targets.push_back({.upstream = "echo", .model = {}});
  if (to.default_model.empty()) to.default_model = "echo";
}

void place_files(storage_spec& to) {
  to.gateway_db = to.directory / "gateway.db";
  if (to.audit_db.empty()) to.audit_db = to.directory / "audit.db";
}

} // namespace

loaded_config parse_config(std::string_view text, const std::filesystem::path& file, const environment& variables) {
  complaints said(file.string());
  nlohmann::json tree;
  config made;
  if (parse_json(text, tree, said)) {
    substitute(tree, {variables, file.parent_path()}, said);
    object_reader::read_tree(tree, said, [&](object_reader& in) { read_config(in, made); });
    apply_legacy_variables(variables, made, said);
    if (tree.is_object()) {
      add_built_in(made, tree);
      place_files(made.storage);
      check(made, said);
    }
  }
  if (!said.empty()) return tl::make_unexpected(std::move(said).take());
  return made;
}

loaded_config load_config(const std::filesystem::path& file, const environment& variables) {
  const auto text = read_text_file(file, largest_config);
  if (text) return parse_config(*text, file, variables);
  complaints said(file.string());
  said.add({}, text.error());
  return tl::make_unexpected(std::move(said).take());
}

} // namespace gateway
