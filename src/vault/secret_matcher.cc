#include "vault/secret_matcher.h"

#include <iterator>
#include <utility>

namespace swamp::vault {

std::shared_ptr<const SecretLayer> SecretLayer::make(std::vector<Secret> secrets) {
  SecretForms all;
  for (const Secret& secret : secrets) {
    SecretForms forms = forms_of(secret.reveal());
    std::move(forms.texts.begin(), forms.texts.end(), std::back_inserter(all.texts));
    std::move(forms.encoded.begin(), forms.encoded.end(), std::back_inserter(all.encoded));
    for (std::string& moved : forms.texts)
      wipe(moved);
    for (std::string& moved : forms.encoded)
      wipe(moved);
  }
  return std::make_shared<const SecretLayer>(SecretLayer{std::move(secrets),
                                                         SecretAutomaton(std::move(all.texts)),
                                                         SecretAutomaton(std::move(all.encoded))});
}

SecretMatcher SecretMatcher::with(std::vector<Secret> secrets) const {
  Layers layers = layers_;
  while (!layers.empty() && layers.back()->secrets.size() < 2 * secrets.size()) {
    const std::vector<Secret>& known = layers.back()->secrets;
    secrets.insert(secrets.end(), known.begin(), known.end());
    layers.pop_back();
  }
  layers.push_back(SecretLayer::make(std::move(secrets)));
  return SecretMatcher(std::move(layers));
}

std::string SecretMatcher::mask(std::string_view text) const {
  if (empty()) return std::string(text);
  // The scan lives shorter than this matcher, so it needs no share of it.
  MaskScan scan(std::shared_ptr<const SecretMatcher>(std::shared_ptr<void>(), this));
  std::string out;
  out.reserve(text.size());
  scan.feed(text, out);
  scan.finish(out);
  return out;
}

Value SecretMatcher::mask_leaves(const Value& value) const {
  switch (value.kind()) {
    case Value::Kind::string:
      if (value.is_secret()) return Value(value.secret_origin()->expression);
      return empty() ? value : Value(mask(value.as_string()));
    case Value::Kind::list: {
      List masked;
      masked.reserve(value.as_list().size());
      for (const Value& item : value.as_list())
        masked.push_back(mask_leaves(item));
      return masked;
    }
    case Value::Kind::map: {
      Map masked;
      masked.reserve(value.as_map().size());
      for (const auto& [key, item] : value.as_map())
        masked.set(key, mask_leaves(item));
      return masked;
    }
    default:
      return value;
  }
}

}  // namespace swamp::vault
