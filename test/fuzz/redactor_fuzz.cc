// Any secrets, any text, cut anywhere: the stream shows what one piece would, and no secret is
// left.
//
// Input: <number of secrets mod 5> (<length> <bytes>)… <text>. The length of a chunk is the text's
// byte at its begin.
#include <string>
#include <string_view>

#include "fuzz/fuzz_input.h"
#include "fuzz/require.h"
#include "vault/redactor.h"
#include "vault/secret_forms.h"

namespace swamp::vault {
namespace {

std::string streamed(const Redactor& redactor, std::string_view text) {
  StreamRedactor stream(redactor);
  std::string out;
  while (!text.empty()) {
    const std::size_t size = 1 + static_cast<unsigned char>(text[0]) % 16;
    out += stream.feed(text.substr(0, size));
    text.remove_prefix(std::min(size, text.size()));
  }
  return out + stream.finish();
}

void check(test::FuzzInput input) {
  Redactor redactor;
  std::vector<std::string> secrets;
  for (std::size_t count = input.byte() % 5; count > 0; --count) {
    secrets.push_back(input.bytes(input.byte()));
    redactor.add(Secret(secrets.back()));
  }
  const std::string text = input.rest();
  const std::string masked = redactor.mask(text);
  test::require(streamed(redactor, text) == masked, "chunks do not matter");
  for (const std::string& secret : secrets) {
    // The mask itself may make a text that has stars in it.
    if (!is_maskable(secret) || secret.find('*') != std::string::npos) continue;
    test::require(masked.find(secret) == std::string::npos, "no secret is left");
  }
}

}  // namespace
}  // namespace swamp::vault

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  swamp::vault::check(swamp::test::FuzzInput(data, size));
  return 0;
}
