#include "schema/uri.h"

#include <charconv>

#include "base/ascii.h"

namespace swamp::schema {
namespace {

bool is_scheme(std::string_view text) {
  if (text.empty() || !is_letter(text[0])) return false;
  for (const char c : text) {
    if (!is_alphanumeric(c) && c != '+' && c != '-' && c != '.') return false;
  }
  return true;
}

/// Takes what follows the first `delimiter` off `text`.
std::optional<std::string> cut_behind(std::string_view& text, char delimiter) {
  const std::size_t at = text.find(delimiter);
  if (at == std::string_view::npos) return std::nullopt;
  std::string behind(text.substr(at + 1));
  text = text.substr(0, at);
  return behind;
}

/// RFC 3986, section 5.2.4.
std::string remove_dot_segments(std::string_view in) {
  std::string out;
  while (!in.empty()) {
    if (in.starts_with("../")) {
      in.remove_prefix(3);
    } else if (in.starts_with("./") || in.starts_with("/./")) {
      in.remove_prefix(2);
    } else if (in == "/.") {
      in = "/";
    } else if (in.starts_with("/../") || in == "/..") {
      in = in == "/.." ? std::string_view("/") : in.substr(3);
      out.resize(out.rfind('/') == std::string::npos ? 0 : out.rfind('/'));
    } else if (in == "." || in == "..") {
      in = {};
    } else {
      const std::size_t end = std::min(in.find('/', 1), in.size());
      out += in.substr(0, end);
      in.remove_prefix(end);
    }
  }
  return out;
}

std::string merge_paths(const Uri& base, const std::string& path) {
  if (base.authority && base.path.empty()) return "/" + path;
  return base.path.substr(0, base.path.rfind('/') + 1) + path;  // npos + 1 is 0
}

}  // namespace

Uri Uri::split(std::string_view text) {
  Uri uri;
  uri.fragment = cut_behind(text, '#');
  uri.query = cut_behind(text, '?');
  const std::size_t colon = text.find(':');
  if (colon != std::string_view::npos && is_scheme(text.substr(0, colon))) {
    uri.scheme = text.substr(0, colon);
    text.remove_prefix(colon + 1);
  }
  if (text.starts_with("//")) {
    text.remove_prefix(2);
    const std::size_t end = std::min(text.find('/'), text.size());
    uri.authority = text.substr(0, end);
    text.remove_prefix(end);
  }
  uri.path = text;
  return uri;
}

Uri Uri::resolve(const Uri& reference) const {
  Uri target = reference;
  if (reference.scheme) {
    target.path = remove_dot_segments(reference.path);
    return target;
  }
  target.scheme = scheme;
  if (reference.authority) {
    target.path = remove_dot_segments(reference.path);
    return target;
  }
  target.authority = authority;
  if (reference.path.empty()) {
    target.path = path;
    if (!reference.query) target.query = query;
  } else if (reference.path.starts_with('/')) {
    target.path = remove_dot_segments(reference.path);
  } else {
    target.path = remove_dot_segments(merge_paths(*this, reference.path));
  }
  return target;
}

std::string Uri::to_string() const {
  std::string text;
  if (scheme) text.append(*scheme).append(":");
  if (authority) text.append("//").append(*authority);
  text.append(path);
  if (query) text.append("?").append(*query);
  if (fragment) text.append("#").append(*fragment);
  return text;
}

std::string percent_decode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned char byte = 0;
    const char* digits = text.data() + i + 1;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2) {
      out += static_cast<char>(byte);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace swamp::schema
