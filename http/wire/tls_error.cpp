#include "http/wire/tls_error.hpp"

#include <boost/asio/error.hpp>
#include <openssl/err.h>

namespace gateway {
namespace {

class tls_category final : public boost::system::error_category {
 public:
  const char* name() const noexcept override { return "tls"; }
  std::string message(int value) const override {
    const char* reason = ERR_reason_error_string(static_cast<unsigned long>(value));
    return reason ? reason : "TLS error " + std::to_string(value);
  }
};

const tls_category category;

} // namespace

boost::system::error_code take_tls_error() {
  // The first one is the reason, those behind it are its consequences.
  const auto reason = ERR_peek_error();
  ERR_clear_error();
  if (reason == 0) return boost::asio::error::connection_reset;
  if (ERR_SYSTEM_ERROR(reason)) return {ERR_GET_REASON(reason), boost::system::system_category()};
  return {static_cast<int>(reason), category};
}

} // namespace gateway
