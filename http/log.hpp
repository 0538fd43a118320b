#pragma once

#include "config/config.hpp"

#include <initializer_list>
#include <string_view>
#include <utility>

namespace gateway {

/// A field of a log line: a UTF-8 text, escaped when written. Empty ones are left out.
using log_field = std::pair<std::string_view, std::string_view>;

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
