// The file of the index over definitions and workflows: any bytes are an index or none, and an
// index is written back as the same bytes. The checksum would hide everything behind it from a
// fuzzer, so it is put right first.
#include <string>

#include "fuzz/require.h"
#include "repo/index_file.h"

using namespace swamp;
using swamp::test::require;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  std::string bytes(reinterpret_cast<const char*>(data), size);
  repo::seal_index(bytes);
  const auto entries = repo::decode_index(bytes);
  if (!entries) return 0;
  std::vector<const repo::DocumentEntry*> list;
  for (const auto& entry : *entries)
    list.push_back(&entry);
  const auto again = repo::decode_index(repo::encode_index(list));
  require(again && *again == *entries, "an index is written back as the same");
  return 0;
}
