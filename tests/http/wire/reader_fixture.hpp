#pragma once

#include "http/wire/request_reader.hpp"
#include "tests/http/wire/test_connection.hpp"
#include "tests/http/worker_fixture.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string_view>

namespace gateway::test {

using namespace std::chrono_literals;

using next_request = result<std::optional<request>>;

struct reader_fixture : worker_fixture {
  std::shared_ptr<wire> line = std::make_shared<wire>(here.wheel());
  test_connection peer{line};
  request_limits limits{.header_bytes = 256, .body_bytes = 64, .idle = 10s, .header = 10s, .body = 10s};
  request_reader reader{peer, here.wheel(), limits};

  next_request next() { return run(reader.next()); }

  ec refusal_of(std::string_view bytes) {
    line->send(bytes);
    line->end();
    auto got = next();
    return got ? ec::none : got.error().code;
  }
};

inline task<void> read_into(reader_fixture& in, next_request& into) { into = co_await in.reader.next(); }

} // namespace gateway::test
