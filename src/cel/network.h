#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cel/datum.h"

namespace swamp::cel {

/// Reads an IPv4 or IPv6 address (RFC 4291); no zone, no IPv4 inside IPv6. Empty when it is none.
std::optional<Network> parse_ip(std::string_view text);

/// Reads `address/length`. Bits behind the length are kept; see masked().
std::optional<Network> parse_cidr(std::string_view text);

/// The canonical form (RFC 5952).
std::string format_ip(const Network& ip);
std::string format_cidr(const Network& cidr);

Network masked(const Network& cidr);

/// An IPv4 address that is written as IPv6 (`::ffff:…`) as IPv4; others as they are.
Network unmapped(const Network& ip);

/// Whether the first `prefix` bits of the addresses are the same; false across families.
bool same_prefix(const Network& a, const Network& b, unsigned prefix);

}  // namespace swamp::cel
