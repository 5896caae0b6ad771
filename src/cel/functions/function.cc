#include "cel/functions/function.h"

namespace swamp::cel {

std::shared_ptr<const SecretOrigin> Call::origin() const {
  for (const Datum& argument : arguments) {
    if (auto origin = secret_in(argument, meter)) return derived(origin);
  }
  return nullptr;
}

Datum Call::string(std::string text) const {
  charge(text.size() / 16);
  return Datum::string(std::move(text), origin());
}

Datum Call::bytes(std::string octets) const {
  charge(octets.size() / 16);
  return Datum::bytes(std::move(octets), origin());
}

std::span<const std::span<const Function>> function_families() {
  static const std::span<const Function> kFamilies[] = {
      conversion_functions(), text_functions(),    format_functions(), bytes_functions(),
      list_functions(),       set_functions(),     math_functions(),   time_functions(),
      optional_functions(),   network_functions(), regex_functions()};
  return kFamilies;
}

std::vector<const Function*> functions_named(std::string_view name) {
  std::vector<const Function*> found;
  for (const auto family : function_families()) {
    for (const Function& function : family) {
      if (function.name == name) found.push_back(&function);
    }
  }
  return found;
}

}  // namespace swamp::cel
