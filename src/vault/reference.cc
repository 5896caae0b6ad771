#include "vault/reference.h"

#include <algorithm>
#include <array>
#include <span>

#include <fmt/format.h>

#include "base/ascii.h"
#include "os/hash.h"

namespace swamp::vault {

namespace {

constexpr std::string_view kJsonSuffix = ".json";
// A key is a file name with `.enc` behind it, of which 251 bytes are left; version, digest and
// `.json` need some.
constexpr std::size_t kLongestStem = 190;
constexpr std::size_t kDigestSize = 12;

/// Reads a reference from left to right, blanks skipped.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool take(std::string_view token) {
    skip_blanks();
    if (!rest_.starts_with(token)) return false;
    rest_.remove_prefix(token.size());
    return true;
  }

  std::optional<std::string> take_quoted() {
    if (!take("'")) return std::nullopt;
    const std::size_t end = rest_.find('\'');
    if (end == std::string_view::npos) return std::nullopt;
    std::string text(rest_.substr(0, end));
    rest_.remove_prefix(end + 1);
    return text;
  }

  bool is_at_end() const { return rest_.empty(); }

 private:
  void skip_blanks() { rest_.remove_prefix(std::min(rest_.find_first_not_of(' '), rest_.size())); }

  std::string_view rest_;
};

/// What the original makes of a text to use it in a key.
std::string cleaned(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '@' || c == '\0') continue;
    if (c == '.' && out.ends_with('.')) continue;
    out += c == '/' || c == '\\' ? '-' : c;
  }
  return out;
}

/// The parts that tell two fields of one data version apart. Model ids tell types apart already.
std::array<std::string_view, 5> parts_of(const SensitiveField& field) {
  return {field.method, field.spec, field.instance, field.vary, field.path};
}

/// Whether the part can be told from its neighbours after cleaning, and does no harm in a quoted
/// text.
bool is_plain(std::string_view part) {
  return part.find("..") == std::string_view::npos &&
         std::all_of(part.begin(), part.end(),
                     [](char c) { return is_alphanumeric(c) || c == '_' || c == '.'; });
}

std::string digest_of(std::span<const std::string_view> parts) {
  std::string message;
  for (const std::string_view part : parts)
    message += fmt::format("{}:{}", part.size(), part);
  return os::sha256_hex(message).substr(0, kDigestSize);
}

/// The longest beginning of at most `size` bytes that ends with a whole character.
std::string_view cut(std::string_view text, std::size_t size) {
  if (text.size() <= size) return text;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80)
    --size;
  return text.substr(0, size);
}

std::string stem_of(const SensitiveField& field) {
  std::string stem = fmt::format("{}/{}/{}/{}/{}/{}", field.type, field.model_id, field.method,
                                 field.spec, field.instance, field.path);
  if (!field.vary.empty()) stem += "/" + field.vary;
  return cleaned(stem);
}

std::string generated_key(const SensitiveField& field) {
  std::string stem = stem_of(field);
  const auto parts = parts_of(field);
  if (stem.size() > kLongestStem || !std::all_of(parts.begin(), parts.end(), is_plain)) {
    std::erase_if(stem, [](char c) { return c == '\'' || static_cast<unsigned char>(c) < ' '; });
    stem = fmt::format("{}-{}", cut(stem, kLongestStem), digest_of(parts));
  }
  return fmt::format("{}-{}", stem, field.version);
}

/// The key of the original: neither version nor vary.
std::string unversioned_key(const SensitiveField& field) {
  SensitiveField plain = field;
  plain.vary.clear();
  return stem_of(plain);
}

}  // namespace

std::string Reference::to_string() const {
  return fmt::format("${{{{ vault.get('{}', '{}') }}}}", vault, key);
}

std::optional<Reference> parse_reference(std::string_view text) {
  if (!text.starts_with("${{")) return std::nullopt;
  Reader reader(text);
  Reference reference;
  if (!reader.take("${{") || !reader.take("vault.get") || !reader.take("(")) return std::nullopt;
  auto vault = reader.take_quoted();
  if (!vault || !reader.take(",")) return std::nullopt;
  auto key = reader.take_quoted();
  if (!key || !reader.take(")") || !reader.take("}}") || !reader.is_at_end()) return std::nullopt;
  return Reference{.vault = *std::move(vault), .key = *std::move(key)};
}

std::string sensitive_key(const SensitiveField& field, const Value& value) {
  if (field.fixed_key) return *field.fixed_key;
  std::string key = generated_key(field);
  if (!value.is_string()) key += kJsonSuffix;
  return key;
}

bool is_typed_key(std::string_view key) {
  if (!key.ends_with(kJsonSuffix)) return false;
  key.remove_suffix(kJsonSuffix.size());
  const std::size_t before_version = key.find_last_not_of("0123456789");
  return before_version != std::string_view::npos && before_version + 1 < key.size() &&
         key[before_version] == '-';
}

bool is_key_of(const SensitiveField& field, std::string_view key) {
  if (field.fixed_key) return key == *field.fixed_key;
  if (key == unversioned_key(field)) return true;
  if (key.ends_with(kJsonSuffix)) key.remove_suffix(kJsonSuffix.size());
  return key == generated_key(field);
}

}  // namespace swamp::vault
