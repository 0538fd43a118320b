#pragma once

#include "http/upstream/connector.hpp"
#include "tests/http/worker_fixture.hpp"
#include "tests/tls/certificates.hpp"
#include "tests/tls/tls_server.hpp"

#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace gateway::test {

/// What connects to hosts of this test's authority.
struct connector_fixture : worker_fixture {
  authority trusted;

  /// The spec of an upstream on this machine, under a name or an address of it.
  upstream_spec spec_for(std::uint16_t port, const std::string& host = "localhost") const {
    upstream_spec made;
    made.kind = upstream_kind::openai;
    made.base_url = {.tls = true, .host = host, .port = port, .path = ""};
    made.trust.ca_file = trusted.file();
    return made;
  }

  result<connection_ptr> connect(connector& to, std::chrono::milliseconds patience = std::chrono::seconds(10)) {
    return run(to.connect(patience));
  }
  result<connection_ptr> connect(const upstream_spec& spec) {
    connector to(spec, here);
    return connect(to);
  }
  /// A connection that must succeed.
  connection_ptr open(const upstream_spec& spec) {
    auto made = connect(spec);
    if (!made) FAIL(made.error().note);
    return std::move(*made);
  }

  io_result write(connection& peer, std::string_view text) {
    const std::array parts{asio::const_buffer(text.data(), text.size())};
    return run(peer.write(parts));
  }
  /// Reads so many bytes, or to the end; `ended` tells how it ended, if it did.
  std::string read(connection& peer, std::size_t bytes, boost::system::error_code* ended = nullptr) {
    std::string all;
    std::array<char, 64 * 1024> room{};
    while (all.size() < bytes) {
      const auto got = run(peer.read_some(asio::buffer(room)));
      if (ended) *ended = got.error;
      if (got.error) break;
      all.append(room.data(), got.bytes);
    }
    return all;
  }
};

} // namespace gateway::test
