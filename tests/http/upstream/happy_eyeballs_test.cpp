#include "http/upstream/happy_eyeballs.hpp"

#include "tests/acceptance/loopback.hpp"
#include "tests/http/worker_fixture.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <sys/socket.h>

#include <optional>

namespace gateway {
namespace {

using namespace std::chrono_literals;
using namespace test;
using socket_or_error = tl::expected<tcp_socket, boost::system::error_code>;

asio::ip::tcp::endpoint at(const char* address, std::uint16_t port = 443) {
  return {asio::ip::make_address(address), port};
}

TEST_CASE("the addresses of a host are tried by turns of the families, IPv6 first") {
  CHECK(interleaved({at("10.0.0.1"), at("10.0.0.2"), at("10.0.0.3"), at("::1"), at("::2")}) ==
        endpoints{at("::1"), at("10.0.0.1"), at("::2"), at("10.0.0.2"), at("10.0.0.3")});
  CHECK(interleaved({at("::2"), at("::1")}) == endpoints{at("::2"), at("::1")});
  CHECK(interleaved({}).empty());
}

/// Its queue is full, so that the kernel drops whoever comes.
class silent_host {
 public:
  silent_host() { ::listen(listening_.descriptor(), 0); }
  asio::ip::tcp::endpoint where() const { return at("127.0.0.1", listening_.port()); }

 private:
  loopback_socket listening_ = loopback_socket::listen();
  loopback_socket in_its_queue_ = loopback_socket::connect_to(listening_.port());
};

asio::ip::tcp::endpoint refusing() { return at("127.0.0.1", loopback_socket::listen().port()); }

task<void> connect_into(worker& here, endpoints addresses, std::chrono::milliseconds patience,
                        std::optional<socket_or_error>& into) {
  auto made = co_await connect_to_any(here, std::move(addresses), std::chrono::steady_clock::now() + patience);
  into.emplace(std::move(made));
}

struct race_fixture : worker_fixture {
  std::optional<socket_or_error> made;
  loopback_socket host = loopback_socket::listen();
  asio::ip::tcp::endpoint good = at("127.0.0.1", host.port());

  void race(endpoints addresses, std::chrono::milliseconds patience = 10s) {
    run(connect_into(here, std::move(addresses), patience, made));
  }
};

TEST_CASE_METHOD(race_fixture, "when an address refuses, the next one is tried at once") {
  const auto begun = std::chrono::steady_clock::now();
  race({refusing(), refusing(), good});
  REQUIRE(made->has_value());
  CHECK((**made).remote_endpoint() == good);
  CHECK(std::chrono::steady_clock::now() - begun < 250ms);
}

TEST_CASE_METHOD(race_fixture, "when an address is silent, the next one is tried after a quarter of a second") {
  const silent_host silent;
  const auto begun = std::chrono::steady_clock::now();
  race({silent.where(), good});
  REQUIRE(made->has_value());
  CHECK((**made).remote_endpoint() == good);
  CHECK(std::chrono::steady_clock::now() - begun >= 250ms);
}

TEST_CASE_METHOD(race_fixture, "when all addresses refuse, the last one's reason counts") {
  race({refusing(), refusing()});
  REQUIRE_FALSE(made->has_value());
  CHECK(made->error() == asio::error::connection_refused);
}

TEST_CASE_METHOD(race_fixture, "a host without an address is not found") {
  race({});
  REQUIRE_FALSE(made->has_value());
  CHECK(made->error() == asio::error::host_not_found);
}

TEST_CASE_METHOD(race_fixture, "the race ends with the patience") {
  const silent_host silent;
  race({silent.where(), silent.where()}, 20ms);
  REQUIRE_FALSE(made->has_value());
  CHECK(made->error() == asio::error::timed_out);
}

TEST_CASE_METHOD(race_fixture, "who leaves ends the race") {
  const silent_host silent;
  boost::asio::cancellation_signal leave;
  boost::asio::co_spawn(here.io().get_executor(), connect_into(here, {silent.where(), good}, 10s, made),
                        boost::asio::bind_cancellation_slot(leave.slot(), [](const std::exception_ptr&) {}));
  settle();
  leave.emit(boost::asio::cancellation_type::terminal);
  run_until([&] { return made.has_value(); });
  REQUIRE_FALSE(made->has_value());
  CHECK(made->error() == asio::error::operation_aborted);
}

TEST_CASE("a race that is still under way may end with its worker") {
  const silent_host silent;
  std::optional<socket_or_error> made;
  {
    worker_fixture gone;
    gone.start(connect_into(gone.here, {silent.where(), silent.where()}, 10s, made));
    gone.settle();
  }
  CHECK_FALSE(made);
}

} // namespace
} // namespace gateway
