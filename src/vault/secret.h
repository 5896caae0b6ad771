#pragma once

#include <cstddef>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace swamp::vault {

/// A text that must not be seen: prints as `***`, and the memory that held it is wiped when the
/// last copy goes.
///
/// Copies share one immutable buffer, so that a secret is in memory once; they may be handed to
/// other threads.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string_view text);

  /// As the constructor, and wipes `text`, which is empty afterwards.
  static Secret take(std::string& text);

  /// The text itself, good as long as any copy lives. Every use is a place where the secret can
  /// leak.
  std::string_view reveal() const { return {bytes_.get(), size_}; }

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  /// Takes the same time wherever texts of one length differ.
  friend bool operator==(const Secret& a, const Secret& b);

 private:
  std::shared_ptr<const char[]> bytes_;
  std::size_t size_ = 0;
};

std::ostream& operator<<(std::ostream& out, const Secret& secret);

/// Overwrites memory in a way that the compiler keeps.
void wipe(void* memory, std::size_t size);

/// Wipes the whole allocation of a text and empties it.
void wipe(std::string& text);

/// Keeps a buffer for as long as a scope lasts and wipes it at its end, however the scope is left.
class WipedAtEnd {
 public:
  explicit WipedAtEnd(std::string& text) : text_(text) {}
  ~WipedAtEnd() { wipe(text_); }
  WipedAtEnd(const WipedAtEnd&) = delete;
  WipedAtEnd& operator=(const WipedAtEnd&) = delete;

 private:
  std::string& text_;
};

}  // namespace swamp::vault

template <>
struct fmt::formatter<swamp::vault::Secret> : fmt::formatter<std::string_view> {
  template <class Context>
  auto format(const swamp::vault::Secret&, Context& context) const {
    return fmt::formatter<std::string_view>::format("***", context);
  }
};
