#pragma once

#include "domain/chat/request_scan.hpp"
#include "domain/error.hpp"
#include "http/exchange.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace gateway {

/// A request for a model, understood: what goes upstream, and what must be known of it.
struct model_request {
  std::string body; ///< In the upstream's form.
  request_scan scan;
  std::uint64_t measured_prompt = 0; ///< The estimate of its tokens as it was before it was corrected.
  std::string model;                 ///< What was asked for, or the default.
  std::string spoken;                ///< Only `/chat`: the message, to be repeated in the answer.
};

/// One way of asking for a model: how its requests are read, and how its answers are written.
struct model_surface {
  std::string_view upstream_path;
  surface kind; ///< Whose rules its requests keep, in the upstream's form.
  /// Reads the caller's body.
  result<model_request> (*read)(exchange& talk);
  /// Writes the caller's answer from the provider's, which was found to be a JSON object.
  result<std::string> (*write)(const exchange& talk, const model_request& wanted, std::string answer);
};

extern const model_surface chat_completions_surface; ///< OpenAI's, passed through.
extern const model_surface completions_surface;      ///< The same.
extern const model_surface embeddings_surface;       ///< The same.
extern const model_surface plain_chat_surface;       ///< `/chat`: a message in, a reply out.

} // namespace gateway
