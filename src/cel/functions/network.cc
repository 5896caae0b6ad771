#include "cel/network.h"

#include "cel/characters.h"
#include "cel/functions/function.h"

namespace swamp::cel {

namespace {

Datum no_address(std::string_view text) {
  return Datum::failure(in_quotes(text) + " is no IP address");
}
Datum no_cidr(std::string_view text) {
  return Datum::failure(in_quotes(text) + " is no CIDR",
                        "it is written as 10.0.0.0/8 or 2001:db8::/32");
}

Datum ip_of_string(Call& call) {
  const auto ip = parse_ip(call.text(0));
  return ip ? Datum::ip(*ip) : no_address(call.text(0));
}
Datum is_ip(Call& call) {
  return Datum::boolean(parse_ip(call.text(0)).has_value());
}
Datum is_cidr(Call& call) {
  return Datum::boolean(parse_cidr(call.text(0)).has_value());
}
Datum is_canonical(Call& call) {
  const auto ip = parse_ip(call.text(0));
  return ip ? Datum::boolean(format_ip(*ip) == call.text(0)) : no_address(call.text(0));
}
Datum family(Call& call) {
  return Datum::integer(call[0].as_network().is_v4 ? 4 : 6);
}

/// Whether the address lies in a CIDR, which is written as text.
bool lies_in(const Network& ip, std::string_view cidr) {
  const auto range = parse_cidr(cidr);
  return range && same_prefix(ip, *range, range->prefix);
}

bool is_any_of(const Network& ip, std::string_view v4, std::string_view v6) {
  const Network plain = unmapped(ip);
  return lies_in(plain, plain.is_v4 ? v4 : v6);
}

Datum is_unspecified(Call& call) {
  return Datum::boolean(is_any_of(call[0].as_network(), "0.0.0.0/32", "::/128"));
}
Datum is_loopback(Call& call) {
  return Datum::boolean(is_any_of(call[0].as_network(), "127.0.0.0/8", "::1/128"));
}
Datum is_link_local(Call& call) {
  return Datum::boolean(is_any_of(call[0].as_network(), "169.254.0.0/16", "fe80::/10"));
}
Datum is_link_local_multicast(Call& call) {
  return Datum::boolean(is_any_of(call[0].as_network(), "224.0.0.0/24", "ff02::/16"));
}
Datum is_global_unicast(Call& call) {
  const Network& ip = call[0].as_network();
  const bool is_special =
      is_any_of(ip, "0.0.0.0/32", "::/128") || is_any_of(ip, "127.0.0.0/8", "::1/128") ||
      is_any_of(ip, "169.254.0.0/16", "fe80::/10") || is_any_of(ip, "224.0.0.0/4", "ff00::/8") ||
      is_any_of(ip, "255.255.255.255/32", "::/128");
  return Datum::boolean(!is_special);
}

Datum cidr_of_string(Call& call) {
  const auto cidr = parse_cidr(call.text(0));
  return cidr ? Datum::cidr(*cidr) : no_cidr(call.text(0));
}

bool covers(const Network& outer, const Network& inner) {
  return inner.prefix >= outer.prefix && same_prefix(outer, inner, outer.prefix);
}

Datum contains_ip(Call& call) {
  return Datum::boolean(covers(call[0].as_network(), call[1].as_network()));
}
Datum contains_ip_text(Call& call) {
  const auto ip = parse_ip(call.text(1));
  return ip ? Datum::boolean(covers(call[0].as_network(), *ip)) : no_address(call.text(1));
}
Datum contains_cidr_text(Call& call) {
  const auto cidr = parse_cidr(call.text(1));
  return cidr ? Datum::boolean(covers(call[0].as_network(), *cidr)) : no_cidr(call.text(1));
}
Datum address_of_cidr(Call& call) {
  Network ip = call[0].as_network();
  ip.prefix = ip.is_v4 ? 32 : 128;
  return Datum::ip(ip);
}
Datum masked_cidr(Call& call) {
  return Datum::cidr(masked(call[0].as_network()));
}
Datum prefix_length(Call& call) {
  return Datum::integer(call[0].as_network().prefix);
}

constexpr Function kNetworkFunctions[] = {
    {.name = "ip",
     .type = "(string) -> ip",
     .doc = "the IP address, version 4 or 6",
     .example = "ip('10.0.0.1').family() == 4",
     .call = ip_of_string,
     .tells_secrets = true},
    {.name = "ip",
     .type = "cidr.() -> ip",
     .doc = "the address of the CIDR",
     .example = "cidr('10.0.0.0/8').ip() == ip('10.0.0.0')",
     .call = address_of_cidr},
    {.name = "isIP",
     .type = "(string) -> bool",
     .doc = "whether the text is an IP address",
     .example = "isIP('::1')",
     .call = is_ip},
    {.name = "isCIDR",
     .type = "(string) -> bool",
     .doc = "whether the text is a range of addresses",
     .example = "isCIDR('10.0.0.0/8') && !isCIDR('10.0.0.1')",
     .call = is_cidr},
    {.name = "ip.isCanonical",
     .type = "(string) -> bool",
     .doc = "whether the address is in its canonical form",
     .example = "!ip.isCanonical('2001:DB8::68')",
     .call = is_canonical},
    {.name = "family",
     .type = "ip.() -> int",
     .doc = "4 or 6",
     .example = "ip('::1').family() == 6",
     .call = family},
    {.name = "isUnspecified",
     .type = "ip.() -> bool",
     .doc = "whether it is 0.0.0.0 or ::",
     .example = "ip('0.0.0.0').isUnspecified()",
     .call = is_unspecified},
    {.name = "isLoopback",
     .type = "ip.() -> bool",
     .doc = "whether it names the machine itself",
     .example = "ip('127.0.0.1').isLoopback()",
     .call = is_loopback},
    {.name = "isGlobalUnicast",
     .type = "ip.() -> bool",
     .doc = "whether it names one machine, and neither the machine itself nor one on the link",
     .example = "ip('192.168.0.1').isGlobalUnicast()",
     .call = is_global_unicast},
    {.name = "isLinkLocalMulticast",
     .type = "ip.() -> bool",
     .doc = "whether it names a group on the link",
     .example = "ip('224.0.0.1').isLinkLocalMulticast()",
     .call = is_link_local_multicast},
    {.name = "isLinkLocalUnicast",
     .type = "ip.() -> bool",
     .doc = "whether it names a machine on the link",
     .example = "ip('169.254.0.1').isLinkLocalUnicast()",
     .call = is_link_local},
    {.name = "cidr",
     .type = "(string) -> cidr",
     .doc = "the range of addresses",
     .example = "cidr('10.0.0.0/8').prefixLength() == 8",
     .call = cidr_of_string,
     .tells_secrets = true},
    {.name = "containsIP",
     .type = "cidr.(ip) -> bool",
     .doc = "whether the address lies in the range",
     .example = "cidr('10.0.0.0/8').containsIP(ip('10.1.2.3'))",
     .call = contains_ip},
    {.name = "containsIP",
     .type = "cidr.(string) -> bool",
     .doc = "the same for an address as text",
     .example = "cidr('10.0.0.0/8').containsIP('10.1.2.3')",
     .call = contains_ip_text},
    {.name = "containsCIDR",
     .type = "cidr.(cidr) -> bool",
     .doc = "whether the other range lies in the range",
     .example = "cidr('10.0.0.0/8').containsCIDR(cidr('10.1.0.0/16'))",
     .call = contains_ip},
    {.name = "containsCIDR",
     .type = "cidr.(string) -> bool",
     .doc = "the same for a range as text",
     .example = "cidr('10.0.0.0/8').containsCIDR('10.1.0.0/16')",
     .call = contains_cidr_text},
    {.name = "masked",
     .type = "cidr.() -> cidr",
     .doc = "with zeros behind the length",
     .example = "cidr('10.1.2.3/8').masked() == cidr('10.0.0.0/8')",
     .call = masked_cidr},
    {.name = "prefixLength",
     .type = "cidr.() -> int",
     .doc = "how many bits all addresses of the range share",
     .example = "cidr('10.0.0.0/8').prefixLength() == 8",
     .call = prefix_length},
};

}  // namespace

std::span<const Function> network_functions() {
  return kNetworkFunctions;
}

}  // namespace swamp::cel
