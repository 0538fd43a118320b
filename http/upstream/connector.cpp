#include "http/upstream/connector.hpp"

#include "http/log.hpp"
#include "http/upstream/tunnel.hpp"
#include "http/upstream/upstream_failure.hpp"
#include "runtime/timer_wheel.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <utility>

namespace gateway {
namespace {

using tcp = asio::ip::tcp;
using resolver = asio::ip::basic_resolver<tcp, executor>;
using error_code = boost::system::error_code;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// How long a looked-up address is believed.
constexpr std::chrono::seconds name_lifetime{30};

milliseconds until(steady_clock::time_point end) {
  return std::max(std::chrono::ceil<milliseconds>(end - steady_clock::now()), milliseconds(0));
}

tl::unexpected<failure> caller_left() { return tl::unexpected(caller_has_left()); }

} // namespace

connector::connector(const upstream_spec& spec, worker& here)
    : where_(spec.base_url),
      proxy_(spec.base_url.tls ? spec.https_proxy : proxy_spec{}),
      host_(proxy_.empty() ? where_.host : proxy_.host),
      port_(proxy_.empty() ? where_.port : proxy_.port),
      here_(here) {
  if (!where_.tls) return;
  tls_.emplace(where_.host, spec.trust);
  if (here_.index() != 0) return; // Every worker has one: it is said once.
  if (spec.trust.insecure_skip_verify) log_event(log_level::warn, "insecure_skip_verify", {{"host", where_.host}});
  if (!tls_->trouble().empty())
    log_event(log_level::error, "tls", {{"host", where_.host}, {"reason", tls_->trouble()}});
}

std::string connector::dialled() const {
  return proxy_.empty() ? where_.authority() : "the proxy " + host_ + ":" + std::to_string(port_);
}

task<result<endpoints>> connector::resolve(time_point end) {
  const auto now = steady_clock::now();
  if (!known_.empty() && now < known_until_) co_return known_;
  error_code not_numeric;
  if (const auto address = asio::ip::make_address(host_, not_numeric); !not_numeric) {
    known_ = {tcp::endpoint(address, port_)};
    known_until_ = time_point::max();
    co_return known_;
  }
  resolver lookup(here_.io().get_executor());
  bool late = false;
  deadline limit(here_.wheel(), [&] {
    late = true;
    lookup.cancel();
  });
  limit.set(until(end));
  const auto [error, found] = co_await lookup.async_resolve(host_, std::to_string(port_), asio::as_tuple(use_task));
  if (late) co_return tl::unexpected(timed_out("connect"));
  if (error == asio::error::operation_aborted) co_return caller_left();
  if (error && known_.empty()) co_return tl::unexpected(unreachable("looking up " + host_ + ": " + error.message()));
  if (error) co_return known_; // Most names keep their addresses; the next connection asks again.
  endpoints addresses;
  for (const auto& entry : found) addresses.push_back(entry.endpoint());
  known_ = interleaved(addresses);
  known_until_ = now + name_lifetime;
  co_return known_;
}

task<result<connection_ptr>> connector::connect(milliseconds patience) {
  if (tls_ && !tls_->trouble().empty())
    co_return tl::unexpected(unreachable("TLS with " + where_.host + ": " + tls_->trouble()));
  const auto end = steady_clock::now() + patience;
  auto addresses = co_await resolve(end);
  if (!addresses) co_return tl::unexpected(std::move(addresses.error()));
  auto socket = co_await connect_to_any(here_, std::move(*addresses), end);
  if (socket) {
    if (!tls_) co_return make_tcp_connection(std::move(*socket));
    co_return co_await secure(std::move(*socket), end);
  }
  if (socket.error() == asio::error::operation_aborted) co_return caller_left();
  known_.clear(); // The name may have moved.
  if (socket.error() == asio::error::timed_out && steady_clock::now() >= end)
    co_return tl::unexpected(timed_out("connect"));
  co_return tl::unexpected(unreachable("connecting to " + dialled() + ": " + socket.error().message()));
}

task<result<connection_ptr>> connector::secure(tcp_socket socket, time_point end) {
  if (proxy_.empty()) co_return co_await through_tls(std::move(socket), end);
  bool late = false;
  deadline limit(here_.wheel(), [&] {
    late = true;
    error_code ignored;
    socket.close(ignored);
  });
  limit.set(until(end));
  auto open = co_await open_tunnel(socket, where_, proxy_);
  limit.clear();
  if (late) co_return tl::unexpected(timed_out("connect"));
  if (!open) co_return tl::unexpected(std::move(open.error()));
  co_return co_await through_tls(std::move(socket), end);
}

task<result<connection_ptr>> connector::through_tls(tcp_socket socket, time_point end) {
  auto peer = std::make_unique<tls_connection>(std::move(socket), tls_->make_session());
  bool late = false;
  deadline limit(here_.wheel(), [&] {
    late = true;
    peer->close();
  });
  limit.set(until(end));
  const auto error = co_await peer->shake_hands();
  if (late) co_return tl::unexpected(timed_out("connect"));
  if (error == asio::error::operation_aborted) co_return caller_left();
  if (error) {
    tls_->forget();
    co_return tl::unexpected(unreachable("TLS with " + where_.host + ": " + tls_client::reason(*peer, error)));
  }
  co_return connection_ptr(std::move(peer));
}

} // namespace gateway
