#include "tests/acceptance/gateway_fixture.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace gateway {
namespace {

/// A caller who hammers with one key, and notes which of its requests were let in.
struct hammer {
  std::atomic<bool> changed{false}; ///< Set once the admin call has answered.
  std::atomic<bool> enough{false};
  std::atomic<int> before{0}; ///< Answers before the change.
  std::atomic<int> after{0};  ///< Answers to requests that started after it.
  std::atomic<int> wrong{0};  ///< Answers that contradict it, or are neither 200 nor 401.
};

/// `opened`: the change lets the key in; else it shuts the key out.
void pound(const gateway_fixture& gateway, const std::string& key, hammer& it, bool opened) {
  const auto request = request_text("GET", "/v1/models", with_key(key));
  while (!it.enough) {
    // A fresh connection now and then, so that every worker is asked.
    http_client caller(gateway.port());
    for (int i = 0; i < 5; ++i) {
      const bool holds = it.changed;
      caller.send(request);
      const auto status = caller.read_response().status;
      if (status != 200 && status != 401) ++it.wrong;
      if (holds && (status == 200) != opened) ++it.wrong;
      ++(holds ? it.after : it.before);
    }
  }
}

void wait_until(const std::atomic<int>& count, int least) {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (count < least && std::chrono::steady_clock::now() < end) std::this_thread::yield();
  CHECK(count >= least);
}

/// Changes a key while three callers hammer with it, and checks that the change holds from its answer on.
void check_change(const gateway_fixture& gateway, const nlohmann::json& key, bool opened,
                  const std::function<void(const std::string&)>& change) {
  hammer it;
  const auto secret = key.at("key").get<std::string>();
  std::vector<std::thread> callers;
  for (int i = 0; i < 3; ++i) callers.emplace_back([&] { pound(gateway, secret, it, opened); });
  wait_until(it.before, 20);
  change("/admin/keys/" + key.at("key_id").get<std::string>());
  it.changed = true;
  wait_until(it.after, 60);
  it.enough = true;
  for (auto& each : callers) each.join();
  CHECK(it.wrong == 0);
}

TEST_CASE("an admin change holds for every request that starts after its answer", "[acceptance]") {
  gateway_fixture gateway;
  gateway.open();
  for (int round = 0; round < 5; ++round) {
    const auto key = gateway.make_key();
    int status = 0;
    check_change(gateway, key, false,
                 [&](const std::string& path) { status = gateway.admin("PATCH", path, R"({"active":false})").status; });
    CHECK(status == 200);
    check_change(gateway, key, true,
                 [&](const std::string& path) { status = gateway.admin("PATCH", path, R"({"active":true})").status; });
    CHECK(status == 200);
    check_change(gateway, key, false, [&](const std::string& path) {
      status = round % 2 == 0 ? gateway.admin("DELETE", path).status : gateway.admin("POST", path + "/rotate").status;
    });
    CHECK((status == 204 || status == 200));
  }
}

TEST_CASE("a key works in every worker as soon as it has been made", "[acceptance]") {
  gateway_fixture gateway;
  gateway.open();
  for (int i = 0; i < 30; ++i) {
    const auto key = gateway.make_key().at("key").get<std::string>();
    for (int j = 0; j < 4; ++j) CHECK(gateway.call("GET", "/v1/models", with_key(key)).status == 200);
  }
}

} // namespace
} // namespace gateway
