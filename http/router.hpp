#pragma once

#include "domain/error.hpp"
#include "runtime/task.hpp"

#include <span>
#include <string>
#include <string_view>

namespace gateway {

class exchange;

/// Who may call an endpoint.
enum class access { anyone, caller, operators };

/// One line of the table of endpoints.
struct endpoint {
  std::string_view method;
  /// A path; `{}` stands for one segment, and at the end `{*}` for all that is left.
  std::string_view pattern;
  access who;
  task<void> (*handle)(exchange&);
};

/// An endpoint, and what its `{}` stood for.
struct routed {
  const endpoint* to;
  std::string parameter; ///< Percent-decoded.
};

/// Finds the endpoint for a method and a path (HEAD counts as GET). `not_found`, or `method_not_allowed` with the
/// methods that the path has, as `Allow` writes them, in `details`.
result<routed> find_endpoint(std::span<const endpoint> table, std::string_view method, std::string_view path);

} // namespace gateway
