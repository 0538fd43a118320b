#pragma once

#include "domain/usage.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gateway {

/// What the gateway must know of an answer that it passes through whole.
struct answer_scan {
  bool is_object = false;           ///< A whole JSON object, as every answer of OpenAI's is.
  bool has_error = false;           ///< An `error` that is not null: no answer, whatever its status says.
  std::optional<token_usage> usage; ///< The provider's own count, when it gave one.
};

/// Reads the body of an answer that is not a stream.
answer_scan scan_answer(std::string_view body);

/// Estimated tokens of what the choices of such a body say; 0 when none is found.
std::uint64_t tokens_said(std::string_view body);

/// What the gateway must know of one event of a stream.
struct event_scan {
  bool done = false;              ///< `[DONE]`: the stream is complete.
  bool is_object = false;         ///< A whole JSON object. Neither this nor `done`: the stream is broken.
  bool has_error = false;         ///< An `error` that is not null.
  bool has_choices_field = false; ///< `choices` is there, whatever it is.
  bool has_choices = false;       ///< `choices` with something in it; the usage chunk has none.
  bool finished = false;          ///< A choice gives its `finish_reason`: `finishes` is not 0.
  std::uint64_t speaks = 0;       ///< Which choices are in it: a bit for each `index`, none being 0, over 63 being 63.
  std::uint64_t finishes = 0;     ///< Which of them give their `finish_reason`.
  std::uint64_t content = 0;      ///< Estimated tokens of what it says, in hundredths.
  std::optional<token_usage> usage; ///< Usually of the last event only.
};

/// Reads the data of one event.
event_scan scan_event(std::string_view data);

/// A provider's own words on what went wrong.
struct upstream_error {
  std::string message;
  std::string type;
  std::string code; ///< Numbers as text.
};

/// The `error` of an answer or an event: an object as OpenAI's, or just a text. Nothing when there is none.
std::optional<upstream_error> error_of(std::string_view body);

} // namespace gateway
