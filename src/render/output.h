#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace swamp::render {

/// Where text goes: a stream of the process, or a string in tests. Used from one thread.
class Output {
 public:
  virtual ~Output() = default;

  /// May keep the text until flush(). A stream that fails keeps quiet here and is asked once, at
  /// the end.
  virtual void write(std::string_view text) = 0;
  virtual void flush() {}
};

/// Collects what is written.
class StringOutput final : public Output {
 public:
  void write(std::string_view text) override { text_ += text; }
  const std::string& text() const { return text_; }

  /// What was written, leaving nothing.
  std::string take() { return std::exchange(text_, {}); }

 private:
  std::string text_;
};

}  // namespace swamp::render
