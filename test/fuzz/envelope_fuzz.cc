// Every decoder of a vault's files: what is accepted is written back and read again as the same.
//
// Input: <which decoder> <text>.
#include <string>

#include "fuzz/fuzz_input.h"
#include "fuzz/require.h"
#include "vault/local_encryption/entry_json.h"
#include "vault/local_encryption/envelope.h"
#include "vault/local_encryption/key_material.h"
#include "vault/reference.h"
#include "vault/vault_config.h"

namespace swamp::vault {
namespace {

void check_envelope(const std::string& text) {
  const auto envelope = parse_envelope(text, "fuzz");
  if (!envelope) return;
  const std::string written = write_envelope(*envelope);
  const auto again = parse_envelope(written, "fuzz");
  test::require(again && write_envelope(*again) == written,
                "an envelope is read as it was written");
}

void check_entries(const std::string& text) {
  if (const auto annotation = parse_annotation(text, "fuzz")) {
    const std::string written = write_annotation(*annotation);
    const auto again = parse_annotation(written, "fuzz");
    test::require(again && write_annotation(*again) == written,
                  "an annotation is read as it was written");
  }
  if (const auto hook = parse_refresh_hook(text, "fuzz")) {
    const std::string written = write_refresh_hook(*hook);
    const auto again = parse_refresh_hook(written, "fuzz");
    test::require(again && write_refresh_hook(*again) == written,
                  "a hook is read as it was written");
  }
}

void check_config(const std::string& text) {
  const auto config = parse_vault_config(text, "fuzz.yaml");
  if (!config) return;
  const std::string written = write_vault_config(*config);
  const auto again = parse_vault_config(written, "fuzz.yaml");
  test::require(again && write_vault_config(*again) == written,
                "a vault is read as it was written");
}

void check_reference(const std::string& text) {
  const auto reference = parse_reference(text);
  if (!reference) return;
  test::require(parse_reference(reference->to_string()) == reference,
                "a reference is read as it was written");
}

void check_ssh_key(const std::string& text) {
  const auto key = decode_ssh_key(text, "fuzz");
  test::require(!key || !key->empty(), "a key has bytes");
}

void check(test::FuzzInput input) {
  const unsigned which = input.byte() % 5;
  const std::string text = input.rest();
  if (which == 0) check_envelope(text);
  if (which == 1) check_entries(text);
  if (which == 2) check_config(text);
  if (which == 3) check_reference(text);
  if (which == 4) check_ssh_key(text);
}

}  // namespace
}  // namespace swamp::vault

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  swamp::vault::check(swamp::test::FuzzInput(data, size));
  return 0;
}
