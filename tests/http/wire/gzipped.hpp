#pragma once

#include <zlib.h>

#include <stdexcept>
#include <string>
#include <string_view>

namespace gateway::test {

/// What comes before and behind the deflated bytes.
enum class wrapping { gzip = 15 + 16, zlib = 15 };

/// Compresses piece by piece, each flushed, as servers do with the events of a stream.
class deflater {
 public:
  explicit deflater(wrapping how = wrapping::gzip) {
    if (deflateInit2(&stream_, Z_BEST_COMPRESSION, Z_DEFLATED, static_cast<int>(how), 8, Z_DEFAULT_STRATEGY) != Z_OK)
      throw std::runtime_error("deflateInit2");
  }
  deflater(const deflater&) = delete;
  deflater& operator=(const deflater&) = delete;
  ~deflater() { deflateEnd(&stream_); }

  std::string flushed(std::string_view text) { return run(text, Z_SYNC_FLUSH); }
  std::string finished(std::string_view text) { return run(text, Z_FINISH); }

 private:
  std::string run(std::string_view text, int flush) {
    std::string out(text.size() + 1024, '\0');
    stream_.next_in = reinterpret_cast<z_const Bytef*>(const_cast<char*>(text.data()));
    stream_.avail_in = static_cast<uInt>(text.size());
    stream_.next_out = reinterpret_cast<Bytef*>(out.data());
    stream_.avail_out = static_cast<uInt>(out.size());
    deflate(&stream_, flush);
    out.resize(out.size() - stream_.avail_out);
    return out;
  }

  z_stream stream_{};
};

inline std::string gzipped(std::string_view text, wrapping how = wrapping::gzip) {
  return deflater(how).finished(text);
}

} // namespace gateway::test
