#pragma once

#include <tl/expected.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

// zlib's, which only the source includes.
struct z_stream_s;

namespace gateway {

/// Decodes gzip (RFC 1952, of several members too) or zlib (RFC 1950) as it comes in. Whatever can be decoded of the
/// bytes that are here comes out at once, so that an event of a compressed stream does not wait for the next one.
///
/// Turns are: feed a piece, read until 0, feed the next one. However much a piece decodes to, a read brings no more
/// than the room that it is given.
class gunzip {
 public:
  /// Throws std::bad_alloc when there is no memory for it.
  gunzip();

  /// The bytes stay the caller's, and must stay where they are until `read` has answered 0. What was fed before must
  /// have been read.
  void feed(std::string_view bytes);

  /// Decodes into this room, which is not empty: how many bytes, 0 when it takes more input to go on; or what is wrong
  /// with the input, which nothing follows.
  tl::expected<std::size_t, std::string> read(std::span<char> into);

  /// At the end of a member, with nothing left: what ends elsewhere is cut off. Not before anything came.
  bool whole() const;

 private:
  struct ender {
    void operator()(z_stream_s* stream) const;
  };
  enum class state { inside, between, broken };

  /// One turn of zlib, at most to the end of a member; whether there may be more.
  bool go_on();

  std::unique_ptr<z_stream_s, ender> stream_;
  std::string_view left_; ///< Of what was fed.
  state state_ = state::inside;
  std::string what_is_wrong_;
};

} // namespace gateway
