#include "tests/acceptance/crowd.hpp"

#include <array>
#include <latch>
#include <stdexcept>
#include <thread>

namespace gateway {
namespace {

constexpr std::size_t threads = 4;

} // namespace

crowd::crowd(std::uint16_t port, std::size_t count) {
  callers_.reserve(count);
  for (std::size_t i = 0; i < count; ++i) callers_.push_back(std::make_unique<http_client>(port));
}

std::map<int, std::size_t> crowd::ask(const std::function<std::string(std::size_t)>& request_of) {
  std::vector<std::string> requests;
  for (std::size_t i = 0; i < callers_.size(); ++i) requests.push_back(request_of(i));
  std::array<std::map<int, std::size_t>, threads> answers;
  std::array<std::string, threads> trouble;
  std::latch everybody(threads);
  std::vector<std::thread> senders;
  for (std::size_t part = 0; part < threads; ++part)
    senders.emplace_back([&, part] {
      everybody.arrive_and_wait();
      try {
        for (auto i = part; i < callers_.size(); i += threads) callers_[i]->send(requests[i]);
        for (auto i = part; i < callers_.size(); i += threads) ++answers[part][callers_[i]->read_response().status];
      } catch (const std::runtime_error& error) {
        trouble[part] = error.what();
      }
    });
  for (auto& each : senders) each.join();
  std::map<int, std::size_t> all;
  for (const auto& part : answers)
    for (const auto& [status, count] : part) all[status] += count;
  for (const auto& each : trouble)
    if (!each.empty()) throw std::runtime_error(each);
  return all;
}

} // namespace gateway
