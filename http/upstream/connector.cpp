#include "http/upstream/connector.hpp"

#include "http/upstream/upstream_failure.hpp"
#include "http/wire/tcp_connection.hpp"
#include "runtime/timer_wheel.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/address.hpp>

#include <string>
#include <utility>

namespace gateway {
namespace {

using tcp = asio::ip::tcp;
using resolver = asio::ip::basic_resolver<tcp, executor>;

/// How long a looked-up address is believed.
constexpr std::chrono::seconds name_lifetime{30};

} // namespace

task<result<connector::endpoints>> connector::resolve(std::chrono::milliseconds patience) {
  const auto now = std::chrono::steady_clock::now();
  if (!known_.empty() && now < known_until_) co_return known_;
  boost::system::error_code not_numeric;
  if (const auto address = asio::ip::make_address(where_.host, not_numeric); !not_numeric) {
    known_ = {tcp::endpoint(address, where_.port)};
    known_until_ = std::chrono::steady_clock::time_point::max();
    co_return known_;
  }
  resolver lookup(here_.io().get_executor());
  bool late = false;
  deadline limit(here_.wheel(), [&] {
    late = true;
    lookup.cancel();
  });
  limit.set(patience);
  const auto [error, found] =
      co_await lookup.async_resolve(where_.host, std::to_string(where_.port), asio::as_tuple(use_task));
  if (late) co_return tl::unexpected(timed_out("connect"));
  if (error) co_return tl::unexpected(unreachable("looking up " + where_.host + ": " + error.message()));
  known_.clear();
  for (const auto& entry : found) known_.push_back(entry.endpoint());
  known_until_ = now + name_lifetime;
  co_return known_;
}

task<result<connection_ptr>> connector::connect(std::chrono::milliseconds patience) {
  if (where_.tls) co_return tl::unexpected(unreachable("https upstreams are not supported yet: " + to_string(where_)));
  const auto start = std::chrono::steady_clock::now();
  auto addresses = co_await resolve(patience);
  if (!addresses) co_return tl::unexpected(std::move(addresses.error()));
  tcp_socket socket(here_.io().get_executor());
  bool late = false;
  deadline limit(here_.wheel(), [&] {
    late = true;
    boost::system::error_code ignored;
    socket.close(ignored);
  });
  const auto spent = std::chrono::steady_clock::now() - start;
  limit.set(std::chrono::ceil<std::chrono::milliseconds>(patience - spent));
  const auto [error, endpoint] = co_await asio::async_connect(socket, *addresses, asio::as_tuple(use_task));
  if (late) co_return tl::unexpected(timed_out("connect"));
  if (error) {
    known_until_ = {}; // The name may have moved.
    co_return tl::unexpected(unreachable("connecting to " + where_.authority() + ": " + error.message()));
  }
  co_return make_tcp_connection(std::move(socket));
}

} // namespace gateway
