#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace gateway {

namespace asio = boost::asio;

/// Where coroutines run: always the io_context of one worker, so no type erasure is needed.
using executor = asio::io_context::executor_type;

/// A coroutine of the house: owned by whoever awaits it, destroyed with it.
template <class T>
using task = asio::awaitable<T, executor>;

/// The completion token for Asio operations inside a `task`.
constexpr asio::use_awaitable_t<executor> use_task;

} // namespace gateway
