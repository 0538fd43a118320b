#pragma once

#include "domain/error.hpp"
#include "http/wire/connection.hpp"
#include "http/wire/header_lines.hpp"
#include "runtime/timer_wheel.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace gateway {

/// Writes the answer to one request: whole, or as a stream. Whatever goes wrong on the caller's side shows as `false`:
/// the caller is gone, and nothing more needs to be said.
class responder {
 public:
  /// What of the request decides how it is answered.
  struct terms {
    std::string request_id;
    bool keep_alive = true;
    bool http_1_0 = false;
    bool head_only = false;
  };
  responder(connection& peer, timer_wheel& wheel, std::chrono::milliseconds write_patience, terms given);

  const std::string& request_id() const { return terms_.request_id; }

  /// A header for the answer. Neither name nor value may hold a line break.
  void add_header(std::string_view name, std::string_view value);
  /// A header that an answer with a failure does not carry.
  void add_header_on_success(std::string_view name, std::string_view value);

  /// A whole answer.
  task<bool> send(int status, std::string_view content_type, std::string_view body);
  /// A failure: as a whole answer, or as the last event of a stream of events that has begun.
  task<bool> refuse(const failure& why);

  /// Starts a stream of server-sent events; its header goes out with the first of them. Then come its bytes, in any
  /// pieces, and with the last of them its end.
  void start_events();
  /// Starts a stream of anything else, which goes on in the same way. A failure inside it adds nothing, and leaves its
  /// end out. Not for HTTP/1.0, where a cut stream would look whole.
  void start_stream(std::string_view content_type);
  task<bool> write_events(std::string_view frames);
  task<bool> finish_events(std::string_view last_frames);

  bool started() const { return status_ != 0; }
  /// All of the answer has gone out.
  bool ended() const { return started() && !streaming_; }
  /// What the caller saw; 0 before anything went out.
  int status() const { return status_; }
  /// The caller is still there, and the connection can take another request.
  bool can_continue() const { return terms_.keep_alive && !broken_ && !streaming_; }
  /// No further request on this connection.
  void close_after() { terms_.keep_alive = false; }

 private:
  void write_head(header_text& text, int status, std::string_view content_type) const;
  task<bool> write_chunk(std::string_view frames, std::string_view end);
  task<bool> write(std::span<asio::const_buffer> parts);
  bool write_now(std::span<asio::const_buffer> parts);

  connection& peer_;
  std::chrono::milliseconds patience_;
  terms terms_;
  header_buffer headers_;
  std::string success_headers_;
  std::string waiting_head_; ///< Of a stream, until its first bytes.
  int status_ = 0;
  bool streaming_ = false;
  bool events_ = false;
  bool broken_ = false;
  deadline deadline_;
};

} // namespace gateway
