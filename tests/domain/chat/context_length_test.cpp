#include "domain/chat/context_length.hpp"

#include <catch2/catch.hpp>

using namespace gateway;

namespace {

bool is_too_long(const std::string& body) {
  INFO(body);
  const auto error = error_of(body);
  REQUIRE(error);
  return is_context_length_error(*error);
}

bool says_too_long(const std::string& message) { return is_context_length_error({message, {}, {}}); }

} // namespace

TEST_CASE("providers' refusals of too long a request are recognized") {
  // OpenAI
  CHECK(is_too_long(
      R"({"error":{"message":"This model's maximum context length is 4097 tokens. However, your messages resulted in )"
      R"(33986 tokens. Please reduce the length of the messages.","type":"invalid_request_error","param":"messages",)"
      R"("code":"context_length_exceeded"}})"));
  CHECK(is_too_long(
      R"({"error":{"type":"invalid_request_error","code":"context_length_exceeded","message":"Your input exceeds the )"
      R"(context window of this model. Please adjust your input and try again.","param":"input"}})"));
  // vLLM
  CHECK(is_too_long(
      R"({"error":{"message":"This model's maximum context length is 16384 tokens. However, you requested 122946 )"
      R"(tokens (112946 in the messages, 10000 in the completion). Please reduce the length of the messages or )"
      R"(completion.","type":"BadRequestError","param":null,"code":400}})"));
  // llama.cpp, now and before the type
  CHECK(is_too_long(R"({"error":{"code":400,"message":"request (14429 tokens) exceeds, try increasing it",)"
                    R"("type":"exceed_context_size_error","n_prompt_tokens":14429,"n_ctx":8192}})"));
  CHECK(is_too_long(R"({"error":{"code":500,"message":"the request exceeds the available context size. try )"
                    R"(increasing the context size or enable context shift","type":"server_error"}})"));
  // Anthropic
  CHECK(is_too_long(R"({"type":"error","error":{"type":"invalid_request_error",)"
                    R"("message":"prompt is too long: 205668 tokens > 200000 maximum"}})"));
  CHECK(is_too_long(
      R"({"type":"error","error":{"type":"invalid_request_error","message":"input length and `max_tokens` exceed )"
      R"(context limit: 178959 + 64000 > 200000, decrease input length or `max_tokens` and try again"}})"));
  // OpenRouter
  CHECK(is_too_long(
      R"({"error":{"message":"This endpoint's maximum context length is 131072 tokens. However, you requested about )"
      R"(141607 tokens (10535 of text input, 131072 in the output). Please reduce the length of either one, or use )"
      R"(the \"middle-out\" transform to compress your prompt automatically.","code":400}})"));
  // Gemini
  CHECK(is_too_long(
      R"({"error":{"code":400,"message":"The input token count (3475108) exceeds the maximum number of tokens )"
      R"(allowed (1048576).","status":"INVALID_ARGUMENT"}})"));
}

TEST_CASE("a code or a type alone tells that a request is too long") {
  CHECK(is_context_length_error({{}, {}, "context_length_exceeded"}));
  CHECK(is_context_length_error({"whatever", "exceed_context_size_error", "400"}));
}

TEST_CASE("the words for too long a request are found in any case and place") {
  CHECK(says_too_long("Input is too long for requested model."));
  CHECK(says_too_long("ERROR: TOO MANY INPUT TOKENS"));
  CHECK(says_too_long("ValueError: Requested tokens (85) exceed Context Window of 64"));
  CHECK(says_too_long("Prompt Is Too Long"));
  CHECK(says_too_long("maximum context"));
}

TEST_CASE("other refusals are not taken for too long a request") {
  CHECK_FALSE(says_too_long(""));
  CHECK_FALSE(says_too_long("maximum contex"));
  CHECK_FALSE(says_too_long("max_tokens is too large: 100000. This model supports at most 4096 completion tokens."));
  CHECK_FALSE(says_too_long("Rate limit reached for gpt-4o on tokens per min (TPM): Limit 30000, Used 29000"));
  CHECK_FALSE(
      says_too_long("This request would exceed your organization's rate limit of 40,000 input tokens per minute"));
  CHECK_FALSE(says_too_long("The model `gpt-5` does not exist"));
  CHECK_FALSE(is_context_length_error({"no", "invalid_request_error", "model_not_found"}));
}
