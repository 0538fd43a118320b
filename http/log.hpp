#pragma once

#include "config/config.hpp"

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

namespace gateway {

/// A field of a log line: a number, or a UTF-8 text, escaped when written. Empty texts are left out.
struct log_field {
  log_field(std::string_view its_name, std::string_view its_text) : name(its_name), value(its_text) {}
  log_field(std::string_view its_name, const char* its_text) : name(its_name), value(std::string_view(its_text)) {}
  log_field(std::string_view its_name, const std::string& its_text)
      : name(its_name), value(std::string_view(its_text)) {}
  template <std::integral Number>
  log_field(std::string_view its_name, Number number) : name(its_name), value(static_cast<std::int64_t>(number)) {}

  std::string_view name;
  std::variant<std::string_view, std::int64_t> value;
};

/// Starts the log: JSON lines on standard output, written by a thread of its own, so that a slow terminal holds up
/// nobody. When more than 8192 lines wait, the oldest are dropped. Before it is called nothing is logged.
void start_log(log_level least);
/// Writes what waits, and ends the log. No other thread may log any more.
void stop_log();

/// Whether a line of this level would be written.
bool log_wants(log_level level);

/// Writes `{"time":..,"level":..,"event":..,field:..}`. Never a key, a token or a body.
void log_event(log_level level, std::string_view event, std::initializer_list<log_field> fields);

} // namespace gateway
