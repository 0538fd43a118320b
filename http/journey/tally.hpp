#pragma once

#include "domain/targets/pick.hpp"
#include "domain/usage.hpp"
#include "http/exchange.hpp"
#include "http/journey/held_quota.hpp"
#include "http/journey/surface.hpp"

#include <cstdint>
#include <optional>

namespace gateway {

/// What one call to an upstream uses. At its end, however it comes, or before by `close`, that goes into the record and
/// the hold: the provider's own count, or an estimate of what passed. A call that reached nobody, or was refused, used
/// nothing.
class tally {
 public:
  tally(exchange& talk, held_quota& hold, const picked_target& where, const model_request& wanted);
  tally(const tally&) = delete;
  tally& operator=(const tally&) = delete;
  ~tally() { close(); }

  /// The route that the call is for.
  const route& way() const { return *where_.way; }

  /// For the upstream, to say that the request may have got there.
  bool* reached() { return &reached_; }
  /// There is an answer.
  void answered() { reached_ = true; }
  /// It was not worked on.
  void refused() { refused_ = true; }

  void provider_says(const token_usage& usage);
  /// A piece of the answer with so many hundredths of a token, by our estimate.
  void passed(std::uint64_t hundredths);
  /// Tokens of the answer so far, by our estimate: at least one in each piece that says something, and one in all.
  std::uint64_t completion_tokens() const;

  void close();

 private:
  token_usage estimate() const;

  exchange& talk_;
  held_quota& hold_;
  const picked_target& where_;
  std::uint64_t prompt_tokens_;
  std::uint64_t measured_prompt_;
  std::uint64_t pieces_ = 0;
  std::uint64_t hundredths_ = 0;
  std::optional<token_usage> said_;
  bool some_passed_ = false;
  bool said_last_ = false; ///< Nothing has passed since.
  bool reached_ = false;
  bool refused_ = false;
  bool closed_ = false;
};

} // namespace gateway
