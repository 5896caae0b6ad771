#include "engine/names/vault.h"

#include "vault/reference.h"

namespace swamp::engine {

Task<Value> vault_get(const NameContext& context, cel::Ask ask) {
  SWAMP_CO_CHECK(check_argument_count(ask, 2, 2));
  SWAMP_CO_TRY(const std::string vault, text_argument(ask, 0));
  SWAMP_CO_TRY(const std::string key, text_argument(ask, 1));
  SWAMP_CO_TRY(const vault::Secret secret,
               co_await context.services.vaults.get(vault, key, vault::Caller::expression));
  context.redactor.add(secret);
  const vault::Reference reference{vault, key};
  auto origin = std::make_shared<SecretOrigin>();
  origin->expression = reference.to_string();
  origin->vault = vault;
  origin->key = key;
  co_return Value::secret(std::string(secret.reveal()), std::move(origin));
}

}  // namespace swamp::engine
