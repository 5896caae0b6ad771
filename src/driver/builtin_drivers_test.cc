#include "driver/builtin_drivers.h"

#include <string>

#include <boost/asio/this_coro.hpp>
#include <gtest/gtest.h>

#include "support/run.h"
#include "support/temp_dir.h"

namespace swamp::driver {
namespace {

Task<std::string> output_in(std::string driver, Value config, std::string script) {
  auto executor = co_await asio::this_coro::executor;
  BlockingPool pool(1);
  Children children(executor);
  DriverServices services{.executor = executor, .children = children, .pool = pool};
  SWAMP_CO_TRY(auto environment, co_await open_environment(driver, config, services));
  ProcessSpec spec{.argv = {"sh", "-c", script}};
  SWAMP_CO_TRY(auto process, co_await environment->start(std::move(spec)));
  std::string output;
  for (;;) {
    SWAMP_CO_TRY(auto chunk, co_await process->read());
    if (!chunk) co_return output;
    output += chunk->bytes;
  }
}

Error error_of(std::string driver, Value config) {
  return test::run(output_in(driver, config, "true")).error();
}

TEST(BuiltinDriversTest, AnUnknownDriverGetsASuggestion) {
  const Error near = error_of("rwa", Value());
  EXPECT_EQ(near.code, ErrorCode::not_found);
  EXPECT_EQ(near.message, "there is no driver 'rwa'");
  EXPECT_EQ(near.hint, "did you mean 'raw'?");
  EXPECT_EQ(error_of("kubernetes", Value()).hint, "drivers are: raw");
}

TEST(BuiltinDriversTest, TheSettingsOfRawAreVariablesAndTheWorkingDirectory) {
  test::TempDir dir;
  dir.write("sub/file", "");
  const Map config{{"env", Map{{"A", "1"}}}, {"workdir", (dir / "sub").string()}};
  EXPECT_EQ(test::run(output_in("raw", config, "echo $A; ls")), "1\nfile\n");
}

TEST(BuiltinDriversTest, AWrongSettingIsNamed) {
  EXPECT_EQ(error_of("raw", Map{{"wrokdir", "x"}}).message,
            "driver 'raw' has no setting 'wrokdir'");
  EXPECT_EQ(error_of("raw", Map{{"wrokdir", "x"}}).hint, "did you mean 'workdir'?");
  EXPECT_EQ(error_of("raw", Map{{"image", "alpine"}}).hint, "its settings are 'env' and 'workdir'");
  EXPECT_EQ(error_of("raw", Map{{"env", Map{{"PORT", 80}}}}).message,
            "the setting 'env.PORT' of driver 'raw' must be a string, not a number");
  EXPECT_EQ(error_of("raw", Value(1)).message, "'driverConfig' must be a map, not a number");
}

}  // namespace
}  // namespace swamp::driver
