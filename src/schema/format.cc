#include "schema/format.h"

#include <algorithm>

#include "base/clock.h"
#include "schema/format_rules.h"
#include "schema/pattern.h"

namespace swamp::schema {
namespace {

/// RFC 6901: every `~` is the first half of `~0` or `~1`.
bool is_json_pointer(std::string_view text) {
  if (!text.empty() && text[0] != '/') return false;
  for (std::size_t at = text.find('~'); at != std::string_view::npos; at = text.find('~', at + 1)) {
    if (at + 1 == text.size() || (text[at + 1] != '0' && text[at + 1] != '1')) return false;
  }
  return true;
}

/// A number of levels to go up, then `#` or a pointer.
bool is_relative_json_pointer(std::string_view text) {
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  if (digits == 0 || (text[0] == '0' && digits > 1)) return false;
  text.remove_prefix(digits);
  return text == "#" || is_json_pointer(text);
}

bool is_regex(std::string_view text) {
  return Pattern::compile(text).has_value();
}

constexpr Format kFormats[] = {
    {"date", rules::is_date, "2026-01-31"},
    {"date-time", rules::is_date_time, "2026-01-31T12:30:00Z"},
    {"duration", rules::is_duration, "PT1H30M"},
    {"email", rules::is_email, "name@example.com"},
    {"hostname", rules::is_hostname, "www.example.com"},
    {"idn-email", rules::is_idn_email, "name@example.com"},
    {"idn-hostname", rules::is_idn_hostname, "www.example.com"},
    {"ipv4", rules::is_ipv4, "192.0.2.1"},
    {"ipv6", rules::is_ipv6, "2001:db8::1"},
    {"iri", rules::is_iri, "https://example.com/a"},
    {"iri-reference", rules::is_iri_reference, "/a/b?c"},
    {"json-pointer", is_json_pointer, "/a/0"},
    {"regex", is_regex, "^[a-z]+$"},
    {"relative-json-pointer", is_relative_json_pointer, "1/a"},
    {"time", rules::is_time, "12:30:00Z"},
    {"uri", rules::is_uri, "https://example.com/a"},
    {"uri-reference", rules::is_uri_reference, "/a/b?c"},
    {"uri-template", rules::is_uri_template, "https://example.com/{name}"},
    {"uuid", is_uuid, "8c6f0a5e-3f4b-4c1d-9e2a-0b1c2d3e4f50"},
};

}  // namespace

const Format* find_format(std::string_view name) {
  const auto* found = std::find_if(std::begin(kFormats), std::end(kFormats),
                                   [&](const Format& f) { return f.name == name; });
  return found != std::end(kFormats) ? found : nullptr;
}

}  // namespace swamp::schema
