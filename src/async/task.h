#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "base/result.h"

namespace swamp {

namespace asio = boost::asio;

/// Something that waits. A coroutine is a function or a member, never a lambda with captures; its
/// parameters are taken by value unless the caller awaits at once. Never write a braced or
/// aggregate temporary inside a `co_await` expression, nor a `co_await` inside `?:` (g++ 12
/// destroys what is in them twice): name it first.
template <class T = void>
using Task = asio::awaitable<Result<T>>;

}  // namespace swamp
