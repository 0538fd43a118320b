#include "http/upstream/tunnel.hpp"

#include "http/upstream/upstream_failure.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/write.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace gateway {
namespace {

constexpr std::size_t largest_answer = 8 * 1024;
constexpr std::string_view end_of_head = "\r\n\r\n";

std::string request_for(const base_url& where, const proxy_spec& proxy) {
  const bool v6 = where.host.find(':') != std::string::npos;
  // The port is always said: CONNECT has no default one.
  const auto target = (v6 ? "[" + where.host + "]" : where.host) + ":" + std::to_string(where.port);
  std::string text = "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n";
  if (!proxy.authorization.empty()) text += "Proxy-Authorization: " + proxy.authorization.reveal() + "\r\n";
  return text + "\r\n";
}

/// Why this answer, which ends at `end` or after it, opens no tunnel.
std::string refusal_in(std::string_view answer, std::size_t end) {
  const auto status = answer.substr(0, answer.find("\r\n"));
  const bool http = status.size() >= 12 && status.starts_with("HTTP/1.") && status[8] == ' ' &&
                    status.substr(9, 3).find_first_not_of("0123456789") == std::string_view::npos;
  if (!http) return "the proxy did not answer in HTTP/1.1";
  if (status[9] != '2') return "the proxy answered " + std::string(status.substr(9, 3));
  // In TLS the client speaks first: this is not from the host.
  if (answer.size() > end) return "the proxy sent more than its answer";
  return {};
}

tl::unexpected<failure> broke_off(const boost::system::error_code& error) {
  if (error == asio::error::operation_aborted) return tl::unexpected(caller_has_left());
  return tl::unexpected(unreachable("the proxy did not answer: " + error.message()));
}

} // namespace

task<result<void>> open_tunnel(tcp_socket& socket, const base_url& where, const proxy_spec& proxy) {
  const auto request = request_for(where, proxy);
  const auto [failed, sent] = co_await asio::async_write(socket, asio::buffer(request), asio::as_tuple(use_task));
  if (failed) co_return broke_off(failed);
  std::string answer;
  while (true) {
    const auto had = answer.size();
    if (had == largest_answer) co_return tl::unexpected(unreachable("the proxy's answer is longer than 8 KiB"));
    answer.resize(largest_answer);
    const auto rest = asio::buffer(answer.data() + had, largest_answer - had);
    const auto [error, bytes] = co_await socket.async_read_some(rest, asio::as_tuple(use_task));
    answer.resize(had + bytes);
    if (error) co_return broke_off(error);
    const auto end = answer.find(end_of_head);
    if (end == std::string::npos) continue;
    auto refusal = refusal_in(answer, end + end_of_head.size());
    if (!refusal.empty()) co_return tl::unexpected(unreachable(std::move(refusal)));
    co_return result<void>{};
  }
}

} // namespace gateway
