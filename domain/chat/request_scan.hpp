#pragma once

#include "domain/error.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gateway {

/// Which endpoint's rules a request body must keep.
enum class surface : std::uint8_t { chat_completions, completions, embeddings };

/// One change of a text: `length` bytes at `offset` make way for `text`.
struct splice {
  std::size_t offset = 0;
  std::size_t length = 0;
  std::string_view text; ///< Lives for ever, unless said otherwise.
  friend bool operator==(const splice&, const splice&) = default;
};

/// What the gateway must know of a request that it passes through. Offsets are into the body as it was scanned.
struct request_scan {
  std::optional<std::string> model;               ///< Unescaped; nothing when the body names none.
  std::size_t model_offset = 0;                   ///< Where the model's JSON value starts, at its quote.
  std::size_t model_length = 0;                   ///< With both quotes.
  std::size_t fields_offset = 0;                  ///< Behind the opening brace: where a field can be put in front.
  bool stream = false;                            ///< Never set for embeddings.
  bool include_usage = false;                     ///< The caller asked for the usage chunk of a stream.
  std::optional<splice> usage_request;            ///< Makes a stream report its usage; nothing when it does anyway.
  std::optional<std::uint64_t> max_output_tokens; ///< The larger `max_tokens` of the two; 0 for embeddings.
  std::uint64_t choices = 1;                      ///< The larger of `n` and `best_of`.
  std::uint64_t prompts = 1;                      ///< Each of them gets its choices. A chat has one.
  std::uint64_t prompt_tokens = 0;                ///< Estimated; see `prompt_size.hpp`.
};

/// Reads a request body without building a tree: one pass of simdjson. Reserves room behind the body's end when there
/// is none (64 bytes), which may move it. Fails with `request_invalid`, `param` naming the field: not a JSON object, a
/// field of the wrong type, no messages (prompt, input), or a field of `request_scan` that is there twice.
result<request_scan> scan_request(std::string& body, surface kind);

/// Tokens to hold for the request: its prompt, and `choices` answers to each of its `prompts`, of the length that it
/// allows, or of `default_output` when it names none. Never overflows.
std::uint64_t tokens_to_hold(const request_scan& request, std::uint64_t default_output);

} // namespace gateway
