#include "cel/secret_pieces.h"

namespace swamp::cel {

void SecretPieces::add(std::size_t begin, std::size_t size, const Origin& origin) {
  if (origin == nullptr) return;
  if (first_ == nullptr) first_ = origin;
  if (origin->ranges.empty()) {
    ranges_.push_back({begin, begin + size});
    return;
  }
  for (const SecretOrigin::Range& range : origin->ranges)
    ranges_.push_back({begin + range.begin, begin + range.end});
}

SecretPieces::Origin SecretPieces::origin() const {
  return first_ == nullptr ? nullptr : origin(first_->expression);
}

SecretPieces::Origin SecretPieces::origin(const std::string& expression) const {
  if (first_ == nullptr) return nullptr;
  auto whole = std::make_shared<SecretOrigin>();
  whole->expression = expression;
  whole->ranges = ranges_;
  return whole;
}

}  // namespace swamp::cel
