#include "runtime/failure.hpp"

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/atom.hpp>
#include <caf/make_message.hpp>
#include <caf/message.hpp>

#include <cstdint>
#include <utility>

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(gateway::failure)

namespace gateway {
namespace {

constexpr caf::atom_value category = caf::atom("gateway");

} // namespace

caf::error to_error(failure why) {
  const auto code = static_cast<std::uint8_t>(why.code);
  return {code, category, caf::make_message(std::move(why))};
}

failure to_failure(const caf::error& error) {
  if (error && error.category() == category && error.context().match_elements<failure>())
    return error.context().get_as<failure>(0);
  return unavailable("a part of the gateway is being restarted; try again in a moment");
}

} // namespace gateway
