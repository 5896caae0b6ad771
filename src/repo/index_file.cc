#include "repo/index_file.h"

#include <cstring>

namespace swamp::repo {
namespace {

constexpr std::string_view kMagic = "swampidx";
constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kHeaderBytes = 24;
constexpr std::size_t kLeastEntryBytes = 58;

enum Flag : std::uint8_t { broken = 1, trigger = 2, inputs = 4 };

/// FNV-1a over words of eight bytes: guards against damage, not against malice.
std::uint64_t checksum(std::string_view bytes) {
  std::uint64_t sum = 14695981039346656037ULL;
  const auto add = [&sum](std::uint64_t word) { sum = (sum ^ word) * 1099511628211ULL; };
  for (; bytes.size() >= 8; bytes.remove_prefix(8)) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data(), sizeof word);
    add(word);
  }
  for (const char c : bytes)
    add(static_cast<unsigned char>(c));
  return sum;
}

template <class Number>
void put(std::string& out, Number number) {
  char bytes[sizeof number];
  std::memcpy(bytes, &number, sizeof number);
  out.append(bytes, sizeof number);
}

void put_text(std::string& out, std::string_view text) {
  put(out, static_cast<std::uint32_t>(text.size()));
  out += text;
}

/// Takes numbers and texts from the front of bytes; once they run out everything is empty and ok()
/// false.
class Taker {
 public:
  explicit Taker(std::string_view bytes) : rest_(bytes) {}

  bool ok() const { return ok_; }
  std::string_view rest() const { return rest_; }

  template <class Number>
  Number take() {
    Number number{};
    if (const auto bytes = take_bytes(sizeof number); !bytes.empty()) {
      std::memcpy(&number, bytes.data(), sizeof number);
    }
    return number;
  }
  std::string take_text() { return std::string(take_bytes(take<std::uint32_t>())); }

  std::string_view take_bytes(std::size_t size) {
    if (size > rest_.size()) {
      ok_ = false;
      rest_ = {};
    }
    const auto bytes = rest_.substr(0, ok_ ? size : 0);
    rest_.remove_prefix(bytes.size());
    return bytes;
  }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

void put_entry(std::string& out, const DocumentEntry& entry) {
  put(out, static_cast<std::uint8_t>(entry.kind));
  put(out,
      static_cast<std::uint8_t>((entry.broken ? broken : 0) | (entry.has_trigger ? trigger : 0) |
                                (entry.has_inputs ? inputs : 0)));
  put(out, entry.job_count);
  put(out, entry.identity.size);
  put(out, entry.identity.mtime_ns);
  put(out, entry.identity.inode);
  for (const auto* text :
       {&entry.path, &entry.id, &entry.name, &entry.type, &entry.description, &entry.schedule}) {
    put_text(out, *text);
  }
  put(out, static_cast<std::uint32_t>(entry.tags.size()));
  for (const auto& [key, value] : entry.tags) {
    put_text(out, key);
    put_text(out, value);
  }
}

DocumentEntry take_entry(Taker& taker) {
  DocumentEntry entry;
  entry.kind = static_cast<DocumentKind>(taker.take<std::uint8_t>());
  const auto flags = taker.take<std::uint8_t>();
  entry.broken = (flags & broken) != 0;
  entry.has_trigger = (flags & trigger) != 0;
  entry.has_inputs = (flags & inputs) != 0;
  entry.job_count = taker.take<std::uint32_t>();
  entry.identity.size = taker.take<std::uint64_t>();
  entry.identity.mtime_ns = taker.take<std::int64_t>();
  entry.identity.inode = taker.take<std::uint64_t>();
  for (auto* text :
       {&entry.path, &entry.id, &entry.name, &entry.type, &entry.description, &entry.schedule}) {
    *text = taker.take_text();
  }
  const auto tags = taker.take<std::uint32_t>();
  for (std::uint32_t i = 0; i < tags && taker.ok(); ++i) {
    auto key = taker.take_text();
    entry.tags.emplace_back(std::move(key), taker.take_text());
  }
  return entry;
}

}  // namespace

std::string encode_index(const std::vector<const DocumentEntry*>& entries) {
  std::string body;
  for (const auto* entry : entries)
    put_entry(body, *entry);
  std::string out(kMagic);
  put(out, kVersion);
  put(out, static_cast<std::uint32_t>(entries.size()));
  put(out, checksum(body));
  return out + body;
}

void seal_index(std::string& bytes) {
  if (bytes.size() < kHeaderBytes) return;
  const auto sum = checksum(std::string_view(bytes).substr(kHeaderBytes));
  std::memcpy(bytes.data() + kHeaderBytes - sizeof sum, &sum, sizeof sum);
}

std::optional<std::vector<DocumentEntry>> decode_index(std::string_view bytes) {
  Taker taker(bytes);
  if (bytes.size() < kHeaderBytes || taker.take_bytes(kMagic.size()) != kMagic) return std::nullopt;
  if (taker.take<std::uint32_t>() != kVersion) return std::nullopt;
  const auto count = taker.take<std::uint32_t>();
  if (taker.take<std::uint64_t>() != checksum(taker.rest())) return std::nullopt;
  if (count > taker.rest().size() / kLeastEntryBytes) return std::nullopt;
  std::vector<DocumentEntry> entries;
  entries.reserve(count);
  for (std::uint32_t i = 0; i < count && taker.ok(); ++i) {
    entries.push_back(take_entry(taker));
    if (entries.back().kind > DocumentKind::workflow) return std::nullopt;
  }
  if (!taker.ok() || !taker.rest().empty()) return std::nullopt;
  return entries;
}

}  // namespace swamp::repo
