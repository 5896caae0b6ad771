#include "engine/names/file.h"

#include "engine/names/glob.h"
#include "engine/names/instances.h"
#include "engine/names/records.h"
#include "os/hash.h"

namespace swamp::engine {
namespace {

Result<std::string> hash_of_files(const std::filesystem::path& root,
                                  const std::vector<std::string>& patterns) {
  SWAMP_TRY(const auto files, find_files(root, patterns));
  if (files.empty()) return std::string();
  os::Sha256 all;
  for (const std::string& file : files) {
    SWAMP_TRY(const std::string digest, os::sha256_hex_of_file(root / file));
    all.update(digest);
  }
  return os::to_hex(all.finish());
}

}  // namespace

Task<Value> file_contents(const NameContext& context, cel::Ask ask) {
  SWAMP_CO_CHECK(check_argument_count(ask, 2, 2));
  SWAMP_CO_TRY(const std::string model, text_argument(ask, 0));
  SWAMP_CO_TRY(const std::string spec, text_argument(ask, 1));
  SWAMP_CO_TRY(const auto instance, co_await find_one_instance(context, model));
  if (!instance) co_return Value();
  store::CatalogFilter filter{.type = instance->type, .model_id = instance->id, .spec_name = spec};
  filter.tag = store::Tags::Entry("type", "file");
  SWAMP_CO_TRY(const auto rows, co_await find_rows(context, std::move(filter)));
  if (rows.empty()) co_return Value();
  SWAMP_CO_TRY(std::string text, context.artifacts.content(rows.front().artifact));
  co_return Value(std::move(text));
}

Task<Value> hash_files(const NameContext& context, cel::Ask ask) {
  SWAMP_CO_CHECK(check_argument_count(ask, 1, 100));
  std::vector<std::string> patterns;
  for (std::size_t i = 0; i < ask.arguments.size(); ++i) {
    SWAMP_CO_TRY(std::string pattern, text_argument(ask, i));
    patterns.push_back(std::move(pattern));
  }
  auto work = [root = context.services.layout.repository, patterns]() {
    return hash_of_files(root, patterns);
  };
  SWAMP_CO_TRY(std::string digest, co_await context.services.pool.run<std::string>(work));
  co_return Value(std::move(digest));
}

}  // namespace swamp::engine
