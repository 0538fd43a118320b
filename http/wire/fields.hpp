#pragma once

#include "http/wire/request.hpp"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include <string_view>

namespace gateway {

/// Its value, or nothing: the first field of that name, in any case of letters. A walk along the few that there are is
/// quicker than Beast's look-up.
template <class Head>
std::string_view field_value(const Head& head, std::string_view name) {
  for (const auto& field : head) {
    const auto own = field.name_string();
    if (own.size() != name.size()) continue;
    if (boost::beast::iequals(own, boost::beast::string_view(name.data(), name.size())))
      return {field.value().data(), field.value().size()};
  }
  return {};
}

/// Only for those who parse requests: everybody else is spared Beast's headers.
struct request::fields {
  boost::beast::http::request_header<> head;
};

} // namespace gateway
