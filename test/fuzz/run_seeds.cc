// Stands in for libFuzzer: runs a harness on every file of the folders named as arguments.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size);

int main(int count, char** arguments) {
  int ran = 0;
  for (int i = 1; i < count; ++i) {
    for (const auto& seed : std::filesystem::directory_iterator(arguments[i])) {
      std::ifstream file(seed.path(), std::ios::binary);
      const std::string bytes{std::istreambuf_iterator<char>(file), {}};
      std::printf("%s\n", seed.path().c_str());
      std::fflush(stdout);  // the last name before a crash is its seed
      LLVMFuzzerTestOneInput(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
      ++ran;
    }
  }
  return ran > 0 ? 0 : 1;
}
