#pragma once

#include "config/config.hpp"
#include "domain/chat/sse_reader.hpp"
#include "http/upstream/answer_decoder.hpp"
#include "http/upstream/answer_parser.hpp"
#include "http/upstream/connection_pool.hpp"
#include "http/upstream/upstream.hpp"
#include "runtime/byte_account.hpp"
#include "runtime/timer_wheel.hpp"

#include <boost/beast/core/flat_buffer.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace gateway {

/// What of an answer may be in memory at once.
struct answer_bounds {
  std::uint64_t event_bytes = 16777216; ///< One event of a stream.
  std::uint64_t body_bytes = 67108864;  ///< A whole body, decoded.
  byte_account* room = nullptr;         ///< What is more than a little is counted here. Null: it is not counted.
};

/// One exchange with a provider over HTTP/1.1, on a connection that it gives back when the answer was whole.
class http_answer final : public upstream_answer {
 public:
  http_answer(lent_connection peer, timer_wheel& wheel, const upstream_timeouts& timeouts, const upstream_call& what,
              const answer_bounds& bounds);

  /// Sends the request, of which `request` says afterwards what is left, and reads the answer's header.
  task<result<void>> begin(std::span<asio::const_buffer> request);
  /// Whether any byte of an answer has come.
  bool got_some() const { return got_some_; }

  task<result<std::string>> body() override;
  std::optional<result<std::string>> ready_body() override;
  task<result<stream_step>> next_event(std::chrono::milliseconds patience) override;
  std::optional<std::string_view> ready_event() override;
  task<void> drop_rest() override;

 private:
  /// The next piece of the body; empty at its end, or when `patience_` was over.
  task<result<std::string_view>> more();
  /// The same, as far as it is here and needs no decoding; nothing: it takes `more`.
  std::optional<result<std::string_view>> ready();
  /// The same as `more`, before its Content-Encoding is undone.
  task<result<std::string_view>> more_encoded();
  std::optional<result<std::string_view>> ready_encoded();
  void took(std::size_t bytes);
  /// Reads more of the body.
  task<boost::system::error_code> fill();
  /// Parses what is here; nothing when that was all right.
  std::optional<failure> parse();
  task<result<std::string>> decoded_body();
  std::optional<failure> too_large(std::uint64_t bytes);
  task<result<bool>> feed_events();
  bool has_room_for(std::uint64_t bytes);
  void enter(std::string_view phase, std::chrono::milliseconds limit);
  failure broken(const boost::system::error_code& error) const;
  void read_head();
  void finish();

  lent_connection peer_;
  const answer_bounds& bounds_;
  byte_claim room_;
  const upstream_timeouts& timeouts_;
  std::chrono::steady_clock::time_point end_; ///< When `total` is over.
  std::string_view phase_;
  bool late_ = false;
  bool got_some_ = false;
  bool whole_ = false;
  bool reusable_ = true;
  std::optional<answer_parser> parser_{std::in_place}; ///< Another one after what was only in between.
  boost::beast::flat_buffer buffer_;
  bool handed_out_ = false;      ///< The parser holds what was the last piece.
  std::size_t read_size_ = 4096; ///< Until there is more at once: thousands of streams wait for a few bytes each.
  std::string coding_;           ///< Its Content-Encoding, in the provider's words.
  std::optional<answer_decoder> decoder_;
  sse_reader events_;
  bool any_event_ = false;
  bool quiet_ = false; ///< The read was ended so that the caller can be told that all is well.
  deadline deadline_;
  deadline patience_;
};

} // namespace gateway
