#include "vault/redactor.h"

#include <unordered_set>

#include "value/json.h"
#include "vault/secret_forms.h"
#include "vault/secret_matcher.h"

namespace swamp::vault {

struct Redactor::State {
  // Views into secrets that are in `matcher` or `fresh`.
  std::unordered_set<std::string_view> known;
  std::vector<Secret> fresh;  // not in the matcher yet
  std::shared_ptr<const SecretMatcher> matcher = std::make_shared<const SecretMatcher>();
  std::uint64_t generation = 0;
};

Redactor::Redactor() : state_(std::make_unique<State>()) {}
Redactor::~Redactor() = default;

void Redactor::add(const Secret& secret) {
  if (!is_maskable(secret.reveal())) return;
  if (!state_->known.insert(secret.reveal()).second) return;
  state_->fresh.push_back(secret);
  ++state_->generation;
}

void Redactor::add_leaves(const Value& value) {
  if (value.is_string()) add(Secret(value.as_string()));
  if (value.is_number()) add(Secret(write_json(value)));
  if (value.is_list()) {
    for (const Value& item : value.as_list())
      add_leaves(item);
  }
  if (value.is_map()) {
    for (const auto& [key, item] : value.as_map())
      add_leaves(item);
  }
}

void Redactor::add_all(const Redactor& other) {
  for (const auto& layer : other.frozen()->layers()) {
    for (const Secret& secret : layer->secrets)
      add(secret);
  }
}

bool Redactor::empty() const {
  return state_->known.empty();
}
std::uint64_t Redactor::generation() const {
  return state_->generation;
}

std::shared_ptr<const SecretMatcher> Redactor::frozen() const {
  if (!state_->fresh.empty()) {
    state_->matcher =
        std::make_shared<const SecretMatcher>(state_->matcher->with(std::move(state_->fresh)));
    state_->fresh.clear();
  }
  return state_->matcher;
}

std::string Redactor::mask(std::string_view text) const {
  return frozen()->mask(text);
}
Value Redactor::mask_leaves(const Value& value) const {
  return frozen()->mask_leaves(value);
}

struct StreamRedactor::State {
  const Redactor* redactor;
  std::uint64_t generation;
  MaskScan scan;
};

StreamRedactor::StreamRedactor(const Redactor& redactor)
    : state_(std::make_unique<State>(
          State{&redactor, redactor.generation(), MaskScan(redactor.frozen())})) {}
StreamRedactor::~StreamRedactor() = default;
StreamRedactor::StreamRedactor(StreamRedactor&&) noexcept = default;
StreamRedactor& StreamRedactor::operator=(StreamRedactor&&) noexcept = default;

std::string StreamRedactor::feed(std::string_view chunk) {
  std::string out;
  if (state_->generation != state_->redactor->generation()) {
    state_->generation = state_->redactor->generation();
    state_->scan.change(state_->redactor->frozen(), out);
  }
  state_->scan.feed(chunk, out);
  return out;
}

std::string StreamRedactor::finish() {
  std::string out = feed({});
  state_->scan.finish(out);
  return out;
}

}  // namespace swamp::vault
