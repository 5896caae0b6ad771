#include "vault/secret_forms.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <unordered_map>
#include <utility>

#include "base/ascii.h"
#include "value/json.h"
#include "vault/secret.h"

namespace swamp::vault {

namespace {

// An encoded form with fewer characters than this would hit too much that is innocent.
constexpr std::size_t kLeastEncoded = 8;
constexpr std::size_t kLong = 256 * 1024;

// A line of a secret with fewer UTF-16 units would hit too much that is innocent: braces of JSON,
// short words.
constexpr std::size_t kLeastLine = 8;

constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kBase64Url =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view kLowerHex = "0123456789abcdef";
constexpr std::string_view kUpperHex = "0123456789ABCDEF";

// Besides letters and digits, what encoders leave as it is: RFC 3986, encodeURIComponent,
// encodeURI, HTML forms, Python's quote, and those who leave nothing.
constexpr std::array<std::string_view, 6> kUnescapedSets = {
    "-_.~", "-_.!~*'()", "-_.!~*'();,/?:@&=+$#", "*-._", "-_.~/", ""};

/// Keeps each text once.
class FormSet {
 public:
  ~FormSet() {
    for (std::string& text : texts_)
      wipe(text);
  }

  void add(std::string form) {
    // The forms of one secret differ little, so their hashes tell most of them apart.
    const std::size_t hash = std::hash<std::string_view>()(form);
    const auto [first, end] = places_.equal_range(hash);
    const bool known =
        std::any_of(first, end, [&](const auto& entry) { return texts_[entry.second] == form; });
    if (known) return wipe(form);
    places_.emplace(hash, texts_.size());
    texts_.push_back(std::move(form));
  }

  std::vector<std::string> take() && { return std::exchange(texts_, {}); }

 private:
  std::vector<std::string> texts_;
  std::unordered_multimap<std::size_t, std::size_t> places_;  // by hash
};

struct Forms {
  FormSet texts;
  FormSet encoded;
};

void add_if_long_enough(FormSet& forms, std::string form) {
  if (form.size() >= kLeastEncoded) {
    forms.add(std::move(form));
  } else {
    wipe(form);
  }
}

std::string hex_of(std::string_view text, std::string_view digits) {
  std::string out;
  out.reserve(text.size() * 2);
  for (const unsigned char c : text) {
    out += digits[c >> 4];
    out += digits[c & 15];
  }
  return out;
}

std::string percent_encoded(std::string_view text, std::string_view unescaped,
                            std::string_view digits, bool plus_for_blank) {
  std::string out;
  out.reserve(text.size() * 3);
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (is_alphanumeric(c) || unescaped.find(c) != std::string_view::npos) {
      out += c;
    } else if (c == ' ' && plus_for_blank) {
      out += '+';
    } else {
      out += '%';
      out += digits[byte >> 4];
      out += digits[byte & 15];
    }
  }
  return out;
}

void add_url_forms(FormSet& forms, std::string_view text) {
  for (const std::string_view unescaped : kUnescapedSets) {
    for (const std::string_view digits : {kUpperHex, kLowerHex}) {
      for (const bool plus_for_blank : {false, true}) {
        add_if_long_enough(forms, percent_encoded(text, unescaped, digits, plus_for_blank));
      }
    }
  }
}

/// The characters first…end-1 of the base64 of `before` unknown bytes followed by the text; the
/// bits after it are 0.
std::string base64_slice(std::string_view text, std::size_t before, std::size_t first,
                         std::size_t end, std::string_view alphabet) {
  const auto byte = [&](std::size_t i) -> unsigned {
    return i >= before && i - before < text.size() ? static_cast<unsigned char>(text[i - before])
                                                   : 0U;
  };
  std::string out;
  out.reserve(end - first);
  for (std::size_t i = first; i < end; ++i) {
    const std::size_t bit = i * 6;
    const unsigned pair = byte(bit / 8) << 8 | byte(bit / 8 + 1);
    out += alphabet[pair >> (10 - bit % 8) & 63];
  }
  return out;
}

/// The characters whose six bits all belong to the text, for each of the three places in which it
/// can begin, and the whole encoding of just this text.
void add_base64_forms(FormSet& forms, std::string_view text, std::string_view alphabet) {
  for (std::size_t before = 0; before < 3; ++before) {
    const std::size_t first = (before * 8 + 5) / 6;
    const std::size_t end = (before + text.size()) * 8 / 6;
    if (end < first + kLeastEncoded) continue;
    forms.add(base64_slice(text, before, first, end, alphabet));
    if (before != 0 || text.size() % 3 == 0) continue;
    std::string whole = base64_slice(text, 0, 0, end + 1, alphabet);
    const std::size_t padding = 3 - text.size() % 3;
    forms.add(whole);
    forms.add(std::move(whole.append(padding, '=')));
  }
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  std::string out;
  out.reserve(text.size() * 2);
  std::size_t at = 0;
  for (std::size_t hit = text.find(from); hit != std::string::npos; hit = text.find(from, at)) {
    out.append(text, at, hit - at).append(to);
    at = hit + from.size();
  }
  out.append(text, at);
  text.swap(out);
  wipe(out);
}

std::string json_body(std::string_view text) {
  std::string quoted;
  quoted.reserve(text.size() * 6 + 2);
  append_json_string(quoted, text);
  std::string body = quoted.substr(1, quoted.size() - 2);
  wipe(quoted);
  return body;
}

void append_unicode_escape(std::string& out, std::uint32_t unit, std::string_view digits) {
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4)
    out += digits[unit >> shift & 15];
}

/// The JSON body with everything beyond ASCII as escapes, as many writers do. `body` is valid
/// UTF-8.
std::string ascii_json_body(std::string_view body, std::string_view digits) {
  std::string out;
  out.reserve(body.size() * 3);
  for (std::size_t i = 0; i < body.size();) {
    const auto lead = static_cast<unsigned char>(body[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (length == 1) {
      out += body[i++];
      continue;
    }
    std::uint32_t point = lead & (0x7FU >> length);
    for (std::size_t k = 1; k < length && i + k < body.size(); ++k) {
      point = point << 6 | (static_cast<unsigned char>(body[i + k]) & 0x3FU);
    }
    i += length;
    if (point >= 0x10000) {
      append_unicode_escape(out, 0xD800 + ((point - 0x10000) >> 10), digits);
      append_unicode_escape(out, 0xDC00 + ((point - 0x10000) & 0x3FF), digits);
    } else {
      append_unicode_escape(out, point, digits);
    }
  }
  return out;
}

/// As JSON.stringify writes it, as those write it who escape more (slashes, HTML's characters,
/// non-ASCII), and within a document that is a text of another.
void add_json_forms(FormSet& forms, std::string_view text) {
  std::string body = json_body(text);
  std::string with_slashes = body;
  replace_all(with_slashes, "/", "\\/");
  std::string for_html = body;
  for (const auto& [plain, escaped] :
       {std::pair{"<", "\\u003c"}, std::pair{">", "\\u003e"}, std::pair{"&", "\\u0026"}}) {
    replace_all(for_html, plain, escaped);
  }
  for (const std::string_view digits : {kLowerHex, kUpperHex}) {
    for (const std::string* form : {&body, &with_slashes, &for_html}) {
      std::string ascii = ascii_json_body(*form, digits);
      forms.add(json_body(ascii));
      forms.add(std::move(ascii));
    }
  }
  forms.add(std::move(with_slashes));
  forms.add(std::move(for_html));
  forms.add(json_body(body));
  forms.add(std::move(body));
}

void add_forms(Forms& forms, const std::string& text) {
  forms.texts.add(text);
  add_json_forms(forms.texts, text);
  if (text.size() > kLong) return;
  add_url_forms(forms.texts, text);
  add_if_long_enough(forms.encoded, hex_of(text, kLowerHex));
  add_if_long_enough(forms.encoded, hex_of(text, kUpperHex));
  add_base64_forms(forms.encoded, text, kBase64);
  add_base64_forms(forms.encoded, text, kBase64Url);
}

std::string_view without_final_line_ends(std::string_view text) {
  const std::size_t last = text.find_last_not_of("\r\n");
  return last == std::string_view::npos ? text.substr(0, 0) : text.substr(0, last + 1);
}

bool has_units(std::string_view text, std::size_t least) {
  if (text.size() < least) return false;
  std::size_t units = 0;
  for (const unsigned char c : text) {
    if ((c & 0xC0U) == 0x80) continue;
    units += c >= 0xF0 ? 2 : 1;
    if (units >= least) return true;
  }
  return false;
}

/// The lines of a text, without blanks at their ends, as what may be met alone.
void add_lines(FormSet& forms, std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r";
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    line.remove_prefix(std::min(line.find_first_not_of(kBlanks), line.size()));
    line = line.substr(0, line.find_last_not_of(kBlanks) + 1);
    if (!has_units(line, kLeastLine)) continue;
    forms.add(std::string(line));
    add_json_forms(forms, line);
  }
}

}  // namespace

bool is_maskable(std::string_view secret) {
  return has_units(secret, 3);
}

SecretForms forms_of(std::string_view secret) {
  if (!is_maskable(secret)) return {};
  const std::string_view trimmed = without_final_line_ends(secret);
  Forms forms;
  std::string text(is_maskable(trimmed) ? trimmed : secret);
  const WipedAtEnd wiped(text);
  add_forms(forms, text);
  if (text.find('\n') != std::string::npos) {
    replace_all(text, "\r\n", "\n");
    add_forms(forms, text);
    add_lines(forms.texts, text);
    replace_all(text, "\n", "\r\n");
    add_forms(forms, text);
  }
  return {.texts = std::move(forms.texts).take(), .encoded = std::move(forms.encoded).take()};
}

}  // namespace swamp::vault
