// Fills a repository with artifacts as methods would have written them: `bench_fill_data REPOSITORY
// COUNT`. They are spread over ten models; one in a hundred has the tag `team: rare` and the
// attribute `status: rare`.

#include <charconv>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/clock.h"
#include "store/artifact_store.h"
#include "store/catalog.h"
#include "store/layout.h"
#include "value/json.h"

namespace {

using namespace swamp;  // NOLINT(google-build-using-namespace)

constexpr int kModels = 10;

store::Draft draft_of(int i, const std::string& model_id, const std::string& content) {
  const std::string model = fmt::format("model-{}", i % kModels);
  return {.key = {"command/shell", model_id, fmt::format("item-{}", i)},
          .content = content,
          .content_type = "application/json",
          .tags = {{"type", "resource"},
                   {"specName", "result"},
                   {"modelName", model},
                   {"team", i % 100 == 0 ? "rare" : "usual"}},
          .owner = {.ref = model_id}};
}

std::string content_of(int i) {
  const Map attributes{{"status", i % 100 == 0 ? "rare" : "usual"},
                       {"exitCode", i % 7},
                       {"command", fmt::format("kubectl -n team-{} get pods", i % 50)},
                       {"stdout", fmt::format("pod-{} Running 0 {}d", i, i % 90)},
                       {"durationMs", i % 1000}};
  return write_json(attributes);
}

Result<> fill(const char* repository, int count) {
  const auto layout = store::Layout::in(repository);
  store::Catalog catalog({.file = layout.catalog(), .root = layout.data});
  store::ArtifactStore artifacts(
      {.root = layout.data, .clock = &system_clock(), .ids = &random_ids(), .catalog = &catalog});
  SWAMP_CHECK(catalog.bring_up_to_date());  // as any question asked earlier would have
  std::vector<std::string> models;
  for (int i = 0; i < kModels; ++i)
    models.push_back(random_ids().uuid());
  for (int i = 0; i < count; ++i) {
    const std::string content = content_of(i);
    SWAMP_TRY([[maybe_unused]] auto written,
              artifacts.write(draft_of(i, models[static_cast<std::size_t>(i % kModels)], content)));
  }
  SWAMP_CHECK(artifacts.flush());
  return catalog.flush();
}

}  // namespace

int main(int argc, char** argv) {
  int count = 0;
  const std::string_view number = argc == 3 ? argv[2] : "";
  if (std::from_chars(number.data(), number.data() + number.size(), count).ec != std::errc() ||
      count < 1) {
    std::fputs("usage: bench_fill_data REPOSITORY COUNT\n", stderr);
    return 2;
  }
  if (auto filled = fill(argv[1], count); !filled) {
    fmt::print(stderr, "{}\n", filled.error().message);
    return 1;
  }
  return 0;
}
