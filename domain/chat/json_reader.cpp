#include "domain/chat/json_reader.hpp"

namespace gateway {

namespace {

// simdjson needs six bytes a byte of the largest document that it has read.
constexpr std::size_t largest_kept = 1024 * 1024;

struct thread_state {
  simdjson::ondemand::parser parser;
  std::string copy;
};

thread_state& this_thread() {
  thread_local thread_state state;
  return state;
}

} // namespace

json_reader::~json_reader() {
  auto& state = this_thread();
  if (state.parser.capacity() > largest_kept) state.parser = simdjson::ondemand::parser{};
  if (state.copy.capacity() > largest_kept) state.copy = std::string{};
}

simdjson::simdjson_result<simdjson::ondemand::document> json_reader::read_in_place(std::string& json) {
  const auto needed = json.size() + simdjson::SIMDJSON_PADDING;
  if (json.capacity() < needed) json.reserve(needed);
  return this_thread().parser.iterate(json);
}

simdjson::simdjson_result<simdjson::ondemand::document> json_reader::read_copy(std::string_view json) {
  auto& copy = this_thread().copy;
  copy.assign(json);
  return read_in_place(copy);
}

} // namespace gateway
