#include "domain/usage.hpp"

namespace gateway {

std::string_view to_string(usage_source source) {
  switch (source) {
    case usage_source::provider: return "provider";
    case usage_source::estimated: return "estimated";
    case usage_source::unknown: break;
  }
  return "unknown";
}

usage_source usage_source_from(std::string_view text) {
  if (text == "provider") return usage_source::provider;
  if (text == "estimated") return usage_source::estimated;
  return usage_source::unknown;
}

} // namespace gateway
