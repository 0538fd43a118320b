#pragma once

#include <simdjson.h>

#include <string>
#include <string_view>

namespace gateway {

/// Lends this thread's simdjson parser for one document. Documents, and what was read from them, must not outlive it;
/// only one may be alive in a thread. The memory of a very large document is given back at the end.
class json_reader {
 public:
  json_reader() = default;
  json_reader(const json_reader&) = delete;
  json_reader& operator=(const json_reader&) = delete;
  ~json_reader();

  /// Reads where the text is; gives it the room behind its end that simdjson needs.
  simdjson::simdjson_result<simdjson::ondemand::document> read_in_place(std::string& json);

  /// Reads a copy of the text.
  simdjson::simdjson_result<simdjson::ondemand::document> read_copy(std::string_view json);
};

} // namespace gateway
