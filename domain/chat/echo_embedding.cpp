#include "domain/chat/echo_embedding.hpp"

#include "domain/chat/feature_hash.hpp"
#include "domain/chat/json_reader.hpp"
#include "domain/chat/json_text.hpp"
#include "domain/chat/json_walk.hpp"
#include "domain/chat/request_scan.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <bit>
#include <cstdint>
#include <iterator>
#include <span>
#include <utility>
#include <vector>

namespace gateway {

namespace {

using namespace simdjson;

struct wish {
  std::vector<std::string> inputs;
  bool base64 = false;
  std::size_t dimensions = default_dimensions;
};

auto refuse(std::string message, std::string_view param) {
  return fail(ec::request_invalid, std::move(message), std::string(param));
}

result<void> read_input(ondemand::value value, wish& wanted) {
  bool all_text = true;
  const auto take = [&](ondemand::value text) {
    all_text = is(text, ondemand::json_type::string);
    if (all_text) wanted.inputs.emplace_back(string_of(text));
    return all_text && wanted.inputs.size() <= most_inputs;
  };
  if (is(value, ondemand::json_type::string))
    take(value);
  else
    each_element(value, take);
  if (!all_text) return refuse("this model reads no token numbers; send the input as text", "input");
  if (wanted.inputs.empty()) return refuse("input must have at least one text", "input");
  if (wanted.inputs.size() > most_inputs)
    return refuse(fmt::format("input may have at most {} texts", most_inputs), "input");
  return {};
}

result<void> read_format(ondemand::value value, wish& wanted) {
  if (is_null(value)) return {};
  const auto format = string_of(value);
  wanted.base64 = format == "base64";
  if (!wanted.base64 && format != "float") return refuse("encoding_format must be float or base64", "encoding_format");
  return {};
}

result<void> read_dimensions(ondemand::value value, wish& wanted) {
  if (is_null(value)) return {};
  std::uint64_t number = 0;
  if (value.get_uint64().get(number) != SUCCESS || number < 1 || number > most_dimensions)
    return refuse(fmt::format("dimensions must be an integer from 1 to {}", most_dimensions), "dimensions");
  wanted.dimensions = number;
  return {};
}

result<wish> read_wish(std::string& request) {
  json_reader reader;
  ondemand::document document;
  ondemand::object body;
  wish wanted;
  result<void> fine;
  if (const auto error = reader.read_in_place(request).get(document)) return refuse(error_message(error), {});
  if (const auto error = document.get_object().get(body)) return refuse(error_message(error), {});
  each_field(body, [&](std::string_view key, ondemand::value value) {
    if (key == "input") fine = read_input(value, wanted);
    if (key == "encoding_format") fine = read_format(value, wanted);
    if (key == "dimensions") fine = read_dimensions(value, wanted);
    return fine.has_value();
  });
  if (!fine) return tl::unexpected(std::move(fine.error()));
  return wanted;
}

std::string in_base64(std::span<const float> numbers) {
  std::vector<unsigned char> bytes;
  bytes.reserve(numbers.size() * 4);
  for (const float number : numbers) {
    const auto bits = std::bit_cast<std::uint32_t>(number);
    for (unsigned shift = 0; shift < 32; shift += 8) bytes.push_back(static_cast<unsigned char>(bits >> shift));
  }
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0'); // It ends what it writes with a zero.
  const auto size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes.data(), static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

void append_vector(std::string& to, std::span<const float> numbers, bool base64) {
  if (base64)
    fmt::format_to(std::back_inserter(to), R"("{}")", in_base64(numbers));
  else
    fmt::format_to(std::back_inserter(to), "[{}]", fmt::join(numbers, ","));
}

} // namespace

result<std::string> echo_embedding(std::string request, std::string_view model) {
  const auto scan = scan_request(request, surface::embeddings);
  if (!scan) return tl::unexpected(scan.error());
  const auto wanted = read_wish(request);
  if (!wanted) return tl::unexpected(wanted.error());
  std::string answer = R"({"object":"list","data":[)";
  for (std::size_t index = 0; index < wanted->inputs.size(); ++index) {
    answer += index == 0 ? R"({"object":"embedding","embedding":)" : R"(,{"object":"embedding","embedding":)";
    append_vector(answer, hashed_features(wanted->inputs[index], wanted->dimensions), wanted->base64);
    fmt::format_to(std::back_inserter(answer), R"(,"index":{}}})", index);
  }
  fmt::format_to(std::back_inserter(answer), R"(],"model":{},"usage":{{"prompt_tokens":{},"total_tokens":{}}}}})",
                 json_quoted(model), scan->prompt_tokens, scan->prompt_tokens);
  return answer;
}

} // namespace gateway
