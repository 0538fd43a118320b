#include "tests/config/fixture.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using gateway::testing::complaints_of;
using gateway::testing::lines;
using gateway::testing::load;

namespace {

/// A door with these keys under tls, next to the files cert.pem, key.pem and ca.pem.
struct door {
  gateway::testing::scratch_directory files;
  door() {
    for (const auto* name : {"cert.pem", "key.pem", "ca.pem"}) files.write(name, "hunter2");
  }
  std::string with(const std::string& keys) const { return R"({ "listen": { "tls": { )" + keys + " } } }"; }
  lines refused(const std::string& keys) const { return complaints_of(with(keys), known()); }
  std::map<std::string, std::string> known() const { return {{"AT", files.path().string()}}; }
};

constexpr auto pair = R"("certificate_file": "${AT}/cert.pem", "key_file": "${AT}/key.pem")";
constexpr auto authority = R"("client_ca_file": "${AT}/ca.pem")";

} // namespace

TEST_CASE("a door without a certificate is plain HTTP") {
  const auto loaded = load(R"({ "listen": { "tls": {} } })");
  REQUIRE(loaded.has_value());
  CHECK_FALSE(loaded->listen.tls.on());
  CHECK(loaded->listen.tls.clients == client_certificates::off);
}

TEST_CASE("a door's certificate, its key and who signs the callers' are taken over") {
  const door at;
  const auto loaded =
      load(at.with(std::string(pair) + ", " + authority + R"(, "client_certificates": "required")"), at.known());
  REQUIRE(loaded.has_value());
  const auto& tls = loaded->listen.tls;
  CHECK(tls.on());
  CHECK(tls.certificate_file == at.files.path() / "cert.pem");
  CHECK(tls.key_file == at.files.path() / "key.pem");
  CHECK(tls.client_ca_file == at.files.path() / "ca.pem");
  CHECK(tls.clients == client_certificates::required);
}

TEST_CASE("ADDR moves the door and leaves its certificate") {
  const door at;
  auto variables = at.known();
  variables["ADDR"] = "127.0.0.1:9443";
  const auto loaded = load(at.with(pair), variables);
  REQUIRE(loaded.has_value());
  CHECK(loaded->listen.port == 9443);
  CHECK(loaded->listen.tls.on());
}

TEST_CASE("a certificate and its key come together") {
  const door at;
  CHECK(at.refused(R"("certificate_file": "${AT}/cert.pem")") ==
        lines{"/listen/tls/key_file: is needed with certificate_file"});
  CHECK(at.refused(R"("key_file": "${AT}/key.pem")") == lines{"/listen/tls/certificate_file: is needed with key_file"});
}

TEST_CASE("callers' certificates need an authority and a door with TLS") {
  const door at;
  const auto* const how = GENERATE(R"("client_certificates": "optional")", R"("client_certificates": "required")");
  CHECK(at.refused(std::string(pair) + ", " + how) ==
        lines{"/listen/tls/client_ca_file: is needed unless client_certificates is off"});
  CHECK(at.refused(std::string(authority) + ", " + how) ==
        lines{"/listen/tls/certificate_file: is needed: callers show certificates over TLS only"});
  CHECK(at.refused(std::string(pair) + ", " + authority + ", " + how).empty());
}

TEST_CASE("an authority that no caller would be checked with is refused") {
  const door at;
  CHECK(at.refused(std::string(pair) + ", " + authority) ==
        lines{"/listen/tls/client_certificates: must be optional or required where client_ca_file is set, or no caller "
              "is asked for a certificate"});
}

TEST_CASE("the door's files must be readable, and what is in them is not shown") {
  const door at;
  CHECK(at.refused(R"("certificate_file": "${AT}/none.pem", "key_file": "${AT}",
                      "client_ca_file": "${AT}/none.pem", "client_certificates": "optional")") ==
        lines{"/listen/tls/certificate_file: cannot be read: No such file or directory",
              "/listen/tls/client_ca_file: cannot be read: No such file or directory",
              "/listen/tls/key_file: cannot be read: Is a directory"});
  for (const auto& line : at.refused(R"("key_file": "${AT}/key.pem")")) {
    CHECK(line.find("hunter2") == std::string::npos);
  }
}
