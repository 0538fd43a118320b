#include "http/upstream/upstream_failure.hpp"

#include "domain/chat/answer_scan.hpp"
#include "domain/chat/context_length.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace gateway {
namespace {

constexpr std::size_t longest_note = 100;
constexpr std::size_t longest_error = 16 * 1024;

} // namespace

failure unreachable(std::string note) {
  failure why;
  why.code = ec::upstream_unavailable;
  why.message = "the upstream could not be reached, or its answer broke off";
  why.note = std::move(note);
  return why;
}

failure timed_out(std::string_view phase) {
  failure why;
  why.code = ec::upstream_timeout;
  why.message = "the upstream took too long";
  why.details = {{"phase", std::string(phase)}};
  why.note = "timeout: " + std::string(phase);
  return why;
}

failure every_connection_busy(std::string_view why) {
  auto busy = overloaded("every connection to the upstream is busy; try again in a moment");
  busy.unsent = true;
  busy.note = "the upstream's connections: " + std::string(why);
  return busy;
}

failure caller_has_left() { return fail(ec::cancelled, "the caller left").value(); }

failure failure_of(const refused_answer& answer) {
  const auto said = error_of(answer.body);
  failure why;
  why.note = "the upstream answered " + std::to_string(answer.status);
  // Its message may quote the request, or a key: the operator gets its type and code.
  if (said) why.note += " (" + (said->code.empty() ? said->type : said->code).substr(0, longest_note) + ")";
  const bool operators_business = answer.status == 401 || answer.status == 403;
  why.upstream_status = answer.status;
  why.retry_after = answer.retry_after;
  if (answer.status < 400 || answer.status == 408 || answer.status >= 500 || operators_business) {
    why.code = ec::upstream_unavailable;
    why.message = operators_business ? "the upstream did not accept the gateway's own credentials"
                                     : "the upstream failed to answer";
    return why;
  }
  if (answer.status == 429) {
    why.code = ec::upstream_rate_limited;
    why.message = "the upstream is rate limited";
    if (why.retry_after.count() == 0) why.retry_after = std::chrono::seconds(1);
    return why;
  }
  why.code = ec::upstream_rejected;
  why.context_length = said && is_context_length_error(*said);
  why.message = said && !said->message.empty() ? said->message : "the upstream refused this request";
  if (answer.body.size() <= longest_error) why.upstream_error = answer.body;
  return why;
}

failure failure_of_error(std::string_view body) {
  const auto said = error_of(body);
  if (said && is_context_length_error(*said)) return failure_of({400, body});
  int status = 0;
  if (said) std::from_chars(said->code.data(), said->code.data() + said->code.size(), status);
  if (status >= 400 && status < 600) return failure_of({status, body});
  return unreachable("the answer carried an error" +
                     (said ? " (" + said->type.substr(0, longest_note) + ")" : std::string()));
}

} // namespace gateway
