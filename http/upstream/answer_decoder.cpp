#include "http/upstream/answer_decoder.hpp"

#include "http/upstream/upstream_failure.hpp"

namespace gateway {

result<std::string_view> answer_decoder::next() {
  const auto size = gzip_.read(room_);
  if (!size) return tl::unexpected(unreachable("the answer's gzip is broken: " + size.error()));
  return std::string_view(room_.data(), *size);
}

} // namespace gateway
