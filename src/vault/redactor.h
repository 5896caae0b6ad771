#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "value/value.h"
#include "vault/secret.h"

namespace swamp::vault {

class SecretMatcher;

/// Replaces secrets in what is printed or stored by `***`.
///
/// Known forms of a secret: itself (also with CRLF for LF, and without final line ends),
/// JSON-escaped, URL-encoded, in hex, in base64 and base64url wherever it starts in what was
/// encoded. Encodings other than JSON's count only where the secret fixes at least 8 of their
/// characters. Texts shorter than 3 UTF-16 units cannot be masked. Overlapping finds become one
/// `***`.
///
/// Used from one thread, that of the event loop; frozen() is for others. Registering is cheap, the
/// first masking after it builds the automaton anew.
class Redactor {
 public:
  Redactor();
  ~Redactor();
  Redactor(const Redactor&) = delete;
  Redactor& operator=(const Redactor&) = delete;

  /// From now on `secret` is masked. Knowing it already is fine.
  void add(const Secret& secret);

  /// Registers every string that `value` holds, and numbers by their text: arguments that a schema
  /// calls sensitive.
  void add_leaves(const Value& value);

  /// Everything that `other` knows.
  void add_all(const Redactor& other);

  bool empty() const;

  /// Grows whenever a new secret is registered.
  std::uint64_t generation() const;

  std::string mask(std::string_view text) const;

  /// A copy in which secret strings are their expressions and other strings are masked. Keys,
  /// numbers and structure are not touched. To be called before anything is serialized.
  Value mask_leaves(const Value& value) const;

  /// What is known now, for use on any thread.
  std::shared_ptr<const SecretMatcher> frozen() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Masks a stream of chunks: a secret is found wherever the chunks are cut, over line ends too.
/// Holds back only what may be the beginning of a secret. Secrets registered meanwhile count from
/// the next chunk on, and for what is held back. Same thread as its Redactor, which must outlive
/// it.
class StreamRedactor {
 public:
  explicit StreamRedactor(const Redactor& redactor);
  ~StreamRedactor();
  StreamRedactor(StreamRedactor&&) noexcept;
  StreamRedactor& operator=(StreamRedactor&&) noexcept;

  /// What can be shown now.
  std::string feed(std::string_view chunk);

  /// The rest. The stream may be fed again as a new one.
  std::string finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace swamp::vault
