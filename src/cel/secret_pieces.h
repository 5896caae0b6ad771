#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "value/value.h"

namespace swamp::cel {

/// Which bytes of a text are secret while it grows from pieces: a shell command keeps its own words
/// and takes only the secret ones from variables.
class SecretPieces {
 public:
  using Origin = std::shared_ptr<const SecretOrigin>;

  /// A piece of `size` bytes that begins at `begin`. Without an origin nothing in it is secret.
  void add(std::size_t begin, std::size_t size, const Origin& origin);

  /// The origin of the whole text, shown as `expression` or as its first secret piece is; null when
  /// nothing in it is secret.
  Origin origin() const;
  Origin origin(const std::string& expression) const;

 private:
  Origin first_;
  std::vector<SecretOrigin::Range> ranges_;
};

}  // namespace swamp::cel
