#include "http/endpoints/audit_json.hpp"

#include "tests/storage/samples.hpp"

#include <catch2/catch.hpp>

namespace gateway {
namespace {

using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;

std::string csv_line(const audit_row& row) {
  std::string line;
  append_csv_line(line, row);
  return line;
}

audit_row sample_row() {
  audit_row row{7, sample_record(1)};
  row.record.usage = {12, 34, 5, 6};
  row.record.cost = 1'250'000;
  row.record.counted = true;
  row.record.change = R"({"before":null,"after":{"name":"x"}})";
  row.record.admin = "ada";
  return row;
}

TEST_CASE("a record shows all that is known of it, and null for what is not") {
  const auto shown = to_json(sample_row());
  CHECK(shown.at("sequence") == 7);
  CHECK(shown.at("cost_usd") == 1.25);
  CHECK(shown.at("cached_tokens") == 5);
  CHECK(shown.at("reasoning_tokens") == 6);
  CHECK(shown.at("total_tokens") == 46);
  CHECK(shown.at("counted") == true);
  CHECK(shown.at("admin") == "ada");
  CHECK(shown.at("change").at("after").at("name") == "x");
  const auto bare = to_json({});
  for (const auto* name : {"tenant_id", "key_id", "model", "error_code", "ttft_ms", "admin", "change"})
    CHECK(bare.at(name).is_null());
}

TEST_CASE("a line of JSON is the same object, and one line whatever is in it") {
  auto row = sample_row();
  row.record.model = "two\nlines \xff";
  std::string line;
  append_json_line(line, row);
  CHECK(line.find('\n') == line.size() - 1);
  CHECK(nlohmann::json::parse(line).at("sequence") == 7);
}

TEST_CASE("CSV has the same fields in the same order, with a header") {
  std::string header;
  append_csv_header(header);
  std::string names;
  const auto shown = to_json(sample_row());
  for (const auto& [name, value] : shown.items()) names += (names.empty() ? "" : ",") + name;
  CHECK(header == names + "\r\n");
  const auto line = csv_line(sample_row());
  CHECK_THAT(line, StartsWith("7,00000000-"));
  CHECK_THAT(line, Contains(",acme,key-1,/v1/chat/completions,POST,gpt-4o-mini,") && Contains(",1.25,true,"));
  CHECK_THAT(line, EndsWith(",ada,\"{\"\"before\"\":null,\"\"after\"\":{\"\"name\"\":\"\"x\"\"}}\"\r\n"));
}

TEST_CASE("cells of CSV are quoted where they must be, and never altered") {
  const auto cell_of = [](const std::string& model) {
    audit_row row;
    row.record.method = "POST";
    row.record.model = model;
    const auto line = csv_line(row);
    const auto begin = line.find("POST,") + 5;
    return line.substr(begin, line.find(",,,0,", begin) - begin);
  };
  CHECK(cell_of("plain") == "plain");
  CHECK(cell_of("a,b") == "\"a,b\"");
  CHECK(cell_of("say \"hi\"") == "\"say \"\"hi\"\"\"");
  CHECK(cell_of("two\nlines") == "\"two\nlines\"");
  CHECK(cell_of("two\rlines") == "\"two\rlines\"");
  CHECK(cell_of("=1+1") == "=1+1");
  CHECK(cell_of("").empty());
}

} // namespace
} // namespace gateway
