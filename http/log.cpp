#include "http/log.hpp"

#include "domain/chat/json_text.hpp"
#include "domain/time.hpp"

#include <spdlog/async.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <array>
#include <cstddef>
#include <memory>
#include <string>

namespace gateway {
namespace {

constexpr std::size_t most_waiting = 8192;

/// Set before the first worker starts and reset after the last has ended.
std::shared_ptr<spdlog::async_logger> logger;

spdlog::level::level_enum to_spdlog(log_level level) {
  constexpr std::array levels{spdlog::level::trace, spdlog::level::debug, spdlog::level::info,
                              spdlog::level::warn,  spdlog::level::err,   spdlog::level::off};
  return levels[static_cast<std::size_t>(level)];
}

} // namespace

void start_log(log_level least) {
  spdlog::init_thread_pool(most_waiting, 1);
  logger = std::make_shared<spdlog::async_logger>("gateway", std::make_shared<spdlog::sinks::stdout_sink_mt>(),
                                                  spdlog::thread_pool(), spdlog::async_overflow_policy::overrun_oldest);
  logger->set_pattern("%v");
  logger->set_level(to_spdlog(least));
  logger->flush_on(spdlog::level::trace);
}

void stop_log() {
  logger.reset();
  spdlog::shutdown();
}

bool log_wants(log_level level) { return logger && logger->should_log(to_spdlog(level)); }

void log_event(log_level level, std::string_view event, std::initializer_list<log_field> fields) {
  if (!log_wants(level)) return;
  std::string line = R"({"time":")";
  line.append(to_rfc3339(wall_clock_now())).append(R"(","level":")").append(to_string(level));
  line.append(R"(","event":)").append(json_quoted(event));
  for (const auto& field : fields) {
    const auto* text = std::get_if<std::string_view>(&field.value);
    if (text && text->empty()) continue;
    line.append(",").append(json_quoted(field.name)).append(":");
    line.append(text ? json_quoted(*text) : std::to_string(std::get<std::int64_t>(field.value)));
  }
  line.push_back('}');
  logger->log(to_spdlog(level), line);
}

} // namespace gateway
