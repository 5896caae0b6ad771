#include <algorithm>

#include "base/ascii.h"
#include "schema/format_rules.h"
#include "schema/uri.h"
#include "value/json.h"

namespace swamp::schema::rules {
namespace {

bool is_ascii(char c) {
  return static_cast<unsigned char>(c) < 0x80;
}
bool is_one_of(char c, std::string_view set) {
  return set.find(c) != std::string_view::npos;
}

constexpr std::string_view kSubDelimiters = "!$&'()*+,;=";

/// Whether every part of `text` between `separator`s fits; one part when there is none.
template <class Fits>
bool all_parts(std::string_view text, char separator, Fits fits) {
  while (true) {
    const std::size_t end = text.find(separator);
    if (!fits(text.substr(0, end))) return false;
    if (end == std::string_view::npos) return true;
    text.remove_prefix(end + 1);
  }
}

/// Which characters a text may hold, beyond ASCII when it is an internationalised form.
enum class Charset { ascii, unicode };

bool is_mailbox(std::string_view text, Charset charset) {
  const std::size_t at = text.rfind('@');
  if (at == std::string_view::npos || at == 0) return false;
  const std::string_view local = text.substr(0, at);
  const std::string_view domain = text.substr(at + 1);
  const auto foreign = [charset](char c) { return charset == Charset::unicode && !is_ascii(c); };
  const auto is_atom = [&](std::string_view atom) {
    return !atom.empty() && std::all_of(atom.begin(), atom.end(), [&](char c) {
      return is_alphanumeric(c) || is_one_of(c, "!#$%&'*+-/=?^_`{|}~") || foreign(c);
    });
  };
  const auto is_quoted = [&] {
    if (local.size() < 2 || local.front() != '"' || local.back() != '"') return false;
    for (std::size_t i = 1; i + 1 < local.size(); ++i) {
      if (local[i] == '\\') {
        if (++i + 1 >= local.size()) return false;
      } else if (local[i] == '"' || !(foreign(local[i]) || (local[i] >= ' ' && local[i] <= '~'))) {
        return false;
      }
    }
    return true;
  };
  if (!is_quoted() && !all_parts(local, '.', is_atom)) return false;
  if (domain.starts_with('[') && domain.ends_with(']')) {
    const std::string_view literal = domain.substr(1, domain.size() - 2);
    return literal.starts_with("IPv6:") ? is_ipv6(literal.substr(5)) : is_ipv4(literal);
  }
  return charset == Charset::ascii ? is_hostname(domain) : is_idn_hostname(domain);
}

/// Whether `text` is made of unreserved characters, percent escapes, sub-delimiters and those of
/// `more`.
bool is_made_of(std::string_view text, std::string_view more, Charset charset) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '%') {
      if (i + 2 >= text.size() || !is_hex_digit(text[i + 1]) || !is_hex_digit(text[i + 2]))
        return false;
      i += 2;
    } else if (!is_alphanumeric(c) && !is_one_of(c, "-._~") && !is_one_of(c, kSubDelimiters) &&
               !is_one_of(c, more) && (is_ascii(c) || charset == Charset::ascii)) {
      return false;
    }
  }
  return true;
}

bool is_ip_future(std::string_view text) {
  if (!text.starts_with('v') && !text.starts_with('V')) return false;
  const std::size_t dot = text.find('.');
  if (dot == std::string_view::npos || dot < 2 || dot + 1 == text.size()) return false;
  const auto version = text.substr(1, dot - 1);
  return std::all_of(version.begin(), version.end(), is_hex_digit) &&
         text.find('%') == std::string_view::npos &&
         is_made_of(text.substr(dot + 1), ":", Charset::ascii);
}

bool is_authority(std::string_view text, Charset charset) {
  if (const std::size_t at = text.rfind('@'); at != std::string_view::npos) {
    if (!is_made_of(text.substr(0, at), ":", charset)) return false;
    text.remove_prefix(at + 1);
  }
  std::string_view port;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return false;
    const std::string_view literal = text.substr(1, end - 1);
    if (!is_ipv6(literal) && !is_ip_future(literal)) return false;
    port = text.substr(end + 1);
  } else {
    const std::size_t colon = std::min(text.find(':'), text.size());
    if (!is_made_of(text.substr(0, colon), "", charset)) return false;
    port = text.substr(colon);
  }
  if (port.empty()) return true;
  return port[0] == ':' && std::all_of(port.begin() + 1, port.end(), is_digit);
}

bool is_reference(std::string_view text, Charset charset, bool needs_scheme) {
  if (!is_valid_utf8(text)) return false;
  const Uri uri = Uri::split(text);
  if (needs_scheme && !uri.scheme) return false;
  if (uri.authority && !is_authority(*uri.authority, charset)) return false;
  if (!is_made_of(uri.path, ":@/", charset)) return false;
  const std::string first_segment = uri.path.substr(0, uri.path.find('/'));
  if (!uri.scheme && !uri.authority && first_segment.find(':') != std::string::npos) return false;
  return is_made_of(uri.query.value_or(""), ":@/?", charset) &&
         is_made_of(uri.fragment.value_or(""), ":@/?", charset);
}

/// `name`, `name*` or `name:4`
bool is_template_variable(std::string_view variable) {
  if (variable.ends_with('*')) {
    variable.remove_suffix(1);
  } else if (const std::size_t colon = variable.find(':'); colon != std::string_view::npos) {
    const std::string_view length = variable.substr(colon + 1);
    const bool good = !length.empty() && length.size() <= 4 && length[0] != '0' &&
                      std::all_of(length.begin(), length.end(), is_digit);
    if (!good) return false;
    variable = variable.substr(0, colon);
  }
  return all_parts(variable, '.', [](std::string_view part) {
    return !part.empty() && part.find_first_of("!$&'()+;=-~*") == std::string_view::npos &&
           is_made_of(part, "", Charset::ascii);
  });
}

}  // namespace

bool is_ipv4(std::string_view text) {
  int parts = 0;
  return all_parts(text, '.',
                   [&](std::string_view part) {
                     ++parts;
                     const bool is_number = !part.empty() && part.size() <= 3 &&
                                            std::all_of(part.begin(), part.end(), is_digit);
                     return is_number && (part.size() == 1 || part[0] != '0') &&
                            (part.size() < 3 || part <= "255");
                   }) &&
         parts == 4;
}

bool is_ipv6(std::string_view text) {
  std::size_t groups = 0;
  bool shortened = false;
  bool after_group = false;
  while (!text.empty()) {
    if (text.starts_with("::")) {
      if (shortened) return false;
      shortened = true;
      after_group = false;
      text.remove_prefix(2);
      continue;
    }
    if (after_group) text.remove_prefix(1);  // a single colon: nothing else ends a group
    const std::size_t end = std::min(text.find(':'), text.size());
    const std::string_view group = text.substr(0, end);
    if (end == text.size() && group.find('.') != std::string_view::npos) {
      if (!is_ipv4(group)) return false;
      groups += 2;
      text = {};
      break;
    }
    if (group.empty() || group.size() > 4 || !std::all_of(group.begin(), group.end(), is_hex_digit))
      return false;
    ++groups;
    after_group = true;
    text.remove_prefix(end);
  }
  return shortened ? groups < 8 : groups == 8;
}

bool is_email(std::string_view text) {
  return is_mailbox(text, Charset::ascii);
}
bool is_idn_email(std::string_view text) {
  return is_valid_utf8(text) && is_mailbox(text, Charset::unicode);
}

bool is_uri(std::string_view text) {
  return is_reference(text, Charset::ascii, true);
}
bool is_uri_reference(std::string_view text) {
  return is_reference(text, Charset::ascii, false);
}
bool is_iri(std::string_view text) {
  return is_reference(text, Charset::unicode, true);
}
bool is_iri_reference(std::string_view text) {
  return is_reference(text, Charset::unicode, false);
}

bool is_uri_template(std::string_view text) {
  while (!text.empty()) {
    const std::size_t open = std::min(text.find('{'), text.size());
    if (text.substr(0, open).find_first_of(" \"'<>\\^`|}") != std::string_view::npos) return false;
    text.remove_prefix(open);
    if (text.empty()) return true;
    const std::size_t close = text.find('}');
    if (close == std::string_view::npos) return false;
    std::string_view expression = text.substr(1, close - 1);
    if (!expression.empty() && is_one_of(expression[0], "+#./;?&=,!@|"))
      expression.remove_prefix(1);
    if (!all_parts(expression, ',', is_template_variable)) return false;
    text.remove_prefix(close + 1);
  }
  return true;
}

}  // namespace swamp::schema::rules
