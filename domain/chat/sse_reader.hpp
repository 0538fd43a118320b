#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace gateway {

/// Takes a stream of server-sent events apart, however its bytes come in pieces (WHATWG HTML, section 9.2.6). Only data
/// is of interest: `event`, `id`, `retry`, comments and events without data are dropped. So are events whose data is
/// empty, which the standard lets through: here they can only be a sign of life.
class sse_reader {
 public:
  /// A line or the data of an event over `largest_event` bytes ends the reading.
  explicit sse_reader(std::size_t largest_event);
  sse_reader(const sse_reader&) = delete;
  sse_reader& operator=(const sse_reader&) = delete;

  /// More bytes of the stream.
  void feed(std::string_view bytes);

  /// The data of the next whole event, or nothing until more is fed. Valid until the next call of any function.
  std::optional<std::string_view> next();

  /// The stream has ended: the data of an event that lacks its blank line. Call when `next` has nothing more.
  std::optional<std::string_view> finish();

  /// Bytes of memory that the reading takes.
  std::size_t held() const { return buffer_.capacity() + joined_.capacity(); }

  /// The stream broke the size limit; there are no events after that.
  bool too_large() const { return too_large_; }

 private:
  bool next_line(std::string_view& line);
  void take(std::string_view line);
  std::optional<std::string_view> dispatch();
  void keep_data();

  std::size_t largest_event_;
  std::string buffer_;
  std::size_t line_start_ = 0;
  std::size_t searched_ = 0; ///< No line ends before this.
  std::string_view data_;    ///< Of the event so far.
  std::size_t lines_ = 0;    ///< How many lines that is.
  bool in_buffer_ = false;   ///< `data_` is a line where it stands in the buffer; else it is `joined_`.
  std::string joined_;
  bool at_start_ = true; ///< A byte order mark may come.
  bool skip_lf_ = false; ///< A CR ended the last line, so that an LF belongs to it.
  bool too_large_ = false;
};

} // namespace gateway
