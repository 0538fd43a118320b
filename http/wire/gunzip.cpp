#include "http/wire/gunzip.hpp"

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <new>

namespace gateway {
namespace {

// 15: the largest window there is. 32: gzip or zlib, as the first bytes tell.
constexpr int any_window = 15 + 32;

uInt clamped(std::size_t size) {
  return static_cast<uInt>(std::min<std::size_t>(size, std::numeric_limits<uInt>::max()));
}

} // namespace

void gunzip::ender::operator()(z_stream_s* stream) const {
  inflateEnd(stream);
  delete stream;
}

gunzip::gunzip() {
  auto stream = std::make_unique<z_stream_s>();
  if (inflateInit2(stream.get(), any_window) != Z_OK) throw std::bad_alloc();
  stream_.reset(stream.release());
}

void gunzip::feed(std::string_view bytes) { left_ = bytes; }

tl::expected<std::size_t, std::string> gunzip::read(std::span<char> into) {
  auto& stream = *stream_;
  const auto room = clamped(into.size());
  stream.next_out = reinterpret_cast<Bytef*>(into.data());
  stream.avail_out = room;
  while (go_on()) continue;
  const std::size_t decoded = room - stream.avail_out;
  // What came before the fault comes out first.
  if (decoded == 0 && state_ == state::broken) return tl::unexpected(what_is_wrong_);
  return decoded;
}

bool gunzip::whole() const { return state_ == state::between && left_.empty(); }

bool gunzip::go_on() {
  if (state_ == state::broken) return false;
  auto& stream = *stream_;
  if (state_ == state::between) {
    if (left_.empty()) return false;
    inflateReset(&stream);
    state_ = state::inside;
  }
  const auto fed = clamped(left_.size());
  stream.next_in = reinterpret_cast<z_const Bytef*>(const_cast<char*>(left_.data()));
  stream.avail_in = fed;
  const int code = inflate(&stream, Z_SYNC_FLUSH);
  left_.remove_prefix(fed - stream.avail_in);
  if (code == Z_STREAM_END) {
    state_ = state::between;
    return true;
  }
  // Z_BUF_ERROR: it has no input left, or no room.
  if (code == Z_OK) return stream.avail_out > 0 && !left_.empty();
  if (code == Z_BUF_ERROR) return false;
  if (code == Z_MEM_ERROR) throw std::bad_alloc();
  state_ = state::broken;
  what_is_wrong_ = stream.msg != nullptr ? stream.msg : "it needs a dictionary";
  return false;
}

} // namespace gateway
