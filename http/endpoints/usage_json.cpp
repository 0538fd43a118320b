#include "http/endpoints/usage_json.hpp"

#include "http/endpoints/query.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace gateway {
namespace {

using nlohmann::ordered_json;

struct group {
  std::string_view name;
  usage_group which;
  std::string usage_row::*field;
};

constexpr std::array groups{
    group{"tenant_id", usage_group::tenant_id, &usage_row::tenant_id},
    group{"key_id", usage_group::key_id, &usage_row::key_id},
    group{"model", usage_group::model, &usage_row::model},
    group{"upstream", usage_group::upstream, &usage_row::upstream},
    group{"day", usage_group::day, &usage_row::day},
};

std::vector<usage_group> read_groups(query_fields& fields) {
  std::vector<usage_group> read;
  const auto text = fields.text("group_by").value_or("");
  for (std::string_view rest = text; !rest.empty();) {
    const auto word = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(word.size() + 1, rest.size()));
    const auto* const found =
        std::find_if(groups.begin(), groups.end(), [&](const group& each) { return each.name == word; });
    const bool usable = found != groups.end() && std::find(read.begin(), read.end(), found->which) == read.end();
    if (usable) {
      read.push_back(found->which);
      continue;
    }
    fields.complain("group_by", "must be some of tenant_id, key_id, model, upstream, day, each once, with commas");
    break;
  }
  return read;
}

ordered_json to_json(const usage_row& row, const std::vector<usage_group>& grouped_by) {
  auto object = ordered_json::object();
  for (const auto which : grouped_by) {
    const auto* const found =
        std::find_if(groups.begin(), groups.end(), [&](const group& each) { return each.which == which; });
    const auto& text = row.*(found->field);
    object[std::string(found->name)] = text.empty() ? ordered_json() : ordered_json(text);
  }
  object["requests"] = row.requests;
  object["errors"] = row.errors;
  object["prompt_tokens"] = row.usage.prompt_tokens;
  object["completion_tokens"] = row.usage.completion_tokens;
  object["cached_tokens"] = row.usage.cached_tokens;
  object["reasoning_tokens"] = row.usage.reasoning_tokens;
  object["total_tokens"] = row.usage.total();
  object["cost_usd"] = to_dollars(row.cost);
  return object;
}

} // namespace

result<usage_query> read_usage_query(const request& asked) {
  query_fields fields(asked);
  usage_query query;
  query.from = fields.moment("from");
  query.to = fields.moment("to");
  query.tenant_id = fields.text("tenant_id");
  query.key_id = fields.text("key_id");
  query.group_by = read_groups(fields);
  if (auto why = fields.finish()) return tl::unexpected(std::move(*why));
  return query;
}

ordered_json to_json(const usage_rows& rows, const std::vector<usage_group>& grouped_by) {
  auto list = ordered_json::array();
  for (const auto& row : rows) list.push_back(to_json(row, grouped_by));
  return list;
}

} // namespace gateway
