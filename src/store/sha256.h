#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace swamp::store {

/// SHA-256 of bytes that come in pieces.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void add(std::string_view bytes);
  /// 64 hex digits. Ends the sum; to be called once.
  std::string hex();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

std::string sha256_hex(std::string_view bytes);

struct FileSum {
  std::uint64_t size = 0;
  std::string checksum;
};
/// Size and sum of a file, read in pieces. Fails with not_found.
Result<FileSum> sum_of_file(const std::filesystem::path& path);

}  // namespace swamp::store
