#pragma once

#include "tests/acceptance/http_client.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace gateway {

/// Callers who have all connected before the first of them asks.
class crowd {
 public:
  crowd(std::uint16_t port, std::size_t count);

  /// Each sends one request, of which `request_of` tells the bytes; none waits for another's answer. How many answers
  /// there were of each status, once all are there.
  std::map<int, std::size_t> ask(const std::function<std::string(std::size_t)>& request_of);

 private:
  std::vector<std::unique_ptr<http_client>> callers_;
};

} // namespace gateway
