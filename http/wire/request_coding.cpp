#include "http/wire/request_coding.hpp"

#include "http/wire/gunzip.hpp"

#include <boost/beast/core/string.hpp>

#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace gateway {
namespace {

constexpr std::string_view header_name = "content-encoding";

bool is(std::string_view coding, std::string_view name) {
  return boost::beast::iequals({coding.data(), coding.size()}, {name.data(), name.size()});
}

auto broken(std::string_view what) {
  return fail(ec::request_invalid, "the body is not valid gzip: " + std::string(what), std::string(header_name));
}

result<std::string> unzipped(std::string_view body, std::uint64_t most_bytes, byte_claim& room) {
  std::string plain;
  gunzip decoder;
  decoder.feed(body);
  std::array<char, 16 * 1024> piece;
  while (true) {
    const auto decoded = decoder.read(piece);
    if (!decoded) return broken(decoded.error());
    if (*decoded == 0) break;
    if (*decoded > most_bytes - plain.size())
      return fail(ec::request_too_large,
                  "the request body decodes to more than " + std::to_string(most_bytes) + " bytes");
    if (!room.cover(body.size() + plain.size() + *decoded)) return tl::unexpected(no_room());
    plain.append(piece.data(), *decoded);
  }
  if (!decoder.whole()) return broken("it is cut off");
  return plain;
}

} // namespace

result<void> decode_body(request& asked, std::uint64_t most_bytes) {
  const auto coding = asked.header(header_name);
  if (coding.empty() || asked.body.empty() || is(coding, "identity")) return {};
  if (!is(coding, "gzip") && !is(coding, "x-gzip"))
    return fail(ec::request_invalid, "send the body with Content-Encoding gzip, or without one",
                std::string(header_name));
  auto plain = unzipped(asked.body, most_bytes, asked.room);
  if (!plain) return tl::unexpected(std::move(plain.error()));
  asked.replace_body(std::move(*plain));
  asked.room.shrink_to(asked.body.size());
  return {};
}

} // namespace gateway
