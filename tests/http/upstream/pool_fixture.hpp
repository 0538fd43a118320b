#pragma once

#include "http/upstream/connection_pool.hpp"
#include "tests/http/worker_fixture.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <catch2/catch.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace gateway::test {

using lent = std::optional<result<lent_connection>>;

inline lend_wish wish_of(std::string_view tenant, std::uint64_t cost = 100) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  return {.tenant = tenant, .cost = cost, .until = until};
}

inline task<void> lend_into(connection_pool& pool, lent& into, lend_wish wish) {
  auto got = co_await pool.lend(wish);
  into.emplace(std::move(got));
}

inline upstream_spec plain_spec(std::uint16_t port) {
  upstream_spec made;
  made.kind = upstream_kind::openai;
  made.base_url = {.tls = false, .host = "127.0.0.1", .port = port, .path = ""};
  return made;
}

/// A pool of two to a host that lets everybody in: the kernel accepts without a program's doing.
struct pool_fixture : worker_fixture {
  boost::asio::ip::tcp::acceptor host{here.io(), {boost::asio::ip::address_v4::loopback(), 0}};
  upstream_spec spec = plain_spec(host.local_endpoint().port());
  tenant_places crowd{100};
  std::shared_ptr<connection_pool> pool = std::make_shared<connection_pool>(spec, here, crowd, 2, 100);

  void lend(lent& into, bool fresh = false) {
    auto wish = wish_of("acme");
    wish.fresh = fresh;
    run(lend_into(*pool, into, wish));
    REQUIRE(into->has_value());
  }
  /// Begins to wait for one.
  void wait_for(lent& into, lend_wish wish = wish_of("acme")) {
    start(lend_into(*pool, into, wish));
    settle();
    REQUIRE_FALSE(into);
  }
  void give_back(lent& mine) {
    (**mine).give_back();
    settle();
  }
  /// How many the host has seen.
  std::size_t opened() {
    host.non_blocking(true);
    boost::system::error_code none;
    for (; !none; ++seen_) seen_sockets_.emplace_back(here.io()), host.accept(seen_sockets_.back(), none);
    seen_sockets_.pop_back();
    return --seen_;
  }
  /// The pool that is built from the spec as it is now.
  void rebuild() { pool = std::make_shared<connection_pool>(spec, here, crowd, 2, 100); }
  /// The host closes all that it has accepted.
  void close_from_there() {
    opened();
    seen_sockets_.clear();
  }
  /// Whether the gateway has closed the first one that the host accepted.
  bool was_closed_from_here() {
    opened();
    auto& socket = seen_sockets_.front();
    socket.non_blocking(true);
    boost::system::error_code error;
    char byte = 0;
    socket.receive(boost::asio::mutable_buffer(&byte, 1), 0, error);
    return error == boost::asio::error::eof;
  }

 private:
  std::size_t seen_ = 0;
  std::vector<boost::asio::ip::tcp::socket> seen_sockets_;
};

inline connection* of(lent& mine) { return &(**mine).peer(); }

} // namespace gateway::test
