#pragma once

#include "http/wire/request.hpp"

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

namespace gateway {

/// Only for those who parse requests: everybody else is spared Beast's headers.
struct request::fields {
  boost::beast::http::request_header<> head;
};

} // namespace gateway
