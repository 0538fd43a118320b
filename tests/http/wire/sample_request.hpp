#pragma once

#include "http/wire/request.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway::test {

/// A request as a reader would make it.
inline request sample_request(std::string_view method, std::string_view target,
                              const std::vector<std::pair<std::string, std::string>>& headers = {},
                              std::string body = {}) {
  auto made = std::make_unique<request_head>();
  made->method = method;
  made->target = target;
  for (const auto& [name, value] : headers) made->fields.add(name, value);
  request asked(std::move(made));
  asked.body = std::move(body);
  return asked;
}

} // namespace gateway::test
