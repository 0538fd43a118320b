#include "http/journey/credentials.hpp"

#include "domain/api_key.hpp"
#include "runtime/ask.hpp"

#include <boost/beast/core/string.hpp>

#include <string_view>

namespace gateway {
namespace {

std::string_view bearer_of(std::string_view authorization) {
  constexpr std::string_view scheme = "Bearer ";
  if (authorization.size() < scheme.size()) return {};
  const boost::beast::string_view given(authorization.data(), scheme.size());
  if (!boost::beast::iequals(given, boost::beast::string_view(scheme.data(), scheme.size()))) return {};
  authorization.remove_prefix(scheme.size());
  while (authorization.starts_with(' ')) authorization.remove_prefix(1);
  return authorization;
}

std::string_view key_of(const request& asked) {
  if (const auto bearer = bearer_of(asked.header("authorization")); !bearer.empty()) return bearer;
  if (const auto key = asked.header("x-api-key"); !key.empty()) return key;
  return asked.header("api-key");
}

} // namespace

task<result<principal_ptr>> authenticate(exchange& talk) {
  const auto key = key_of(talk.asked);
  if (key.empty())
    co_return fail(ec::missing_api_key, "send a gateway key as 'Authorization: Bearer KEY' or 'X-API-Key: KEY'");
  question<principal_ptr> asked(talk.house.auth(), authenticate_atom::value, digest_of(key), talk.now());
  if (!asked.answered()) co_await asked.wait();
  auto who = asked.take();
  if (who) {
    talk.record.tenant_id = (*who)->tenant_id;
    talk.record.key_id = (*who)->key_id;
  }
  co_return who;
}

} // namespace gateway
