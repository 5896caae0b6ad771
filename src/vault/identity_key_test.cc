#include "vault/identity_key.h"

#include <sys/stat.h>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "support/temp_dir.h"

namespace swamp::vault {
namespace {

TEST(IdentityKeyTest, IsMadeOnceAndKeptPrivate) {
  const test::TempDir dir;
  const auto first = identity_key(dir / "secrets");
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_EQ(first->size(), 64U);
  EXPECT_EQ(*identity_key(dir / "secrets"), *first);
  EXPECT_FALSE(*identity_key(dir / "others") == *first);
  struct stat status {};
  ASSERT_EQ(::stat((dir / "secrets/identity.key").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST(IdentityKeyTest, AllWhoMakeItAtOnceGetTheSame) {
  const test::TempDir dir;
  std::vector<Secret> keys(8);
  std::vector<std::thread> threads;
  for (Secret& key : keys)
    threads.emplace_back([&] { key = *identity_key(dir / "secrets"); });
  for (std::thread& thread : threads)
    thread.join();
  for (const Secret& key : keys)
    EXPECT_EQ(key, keys[0]);
}

TEST(IdentityKeyTest, ADamagedFileIsAnErrorAndNotReplaced) {
  const test::TempDir dir;
  dir.write("identity.key", "abc");
  const auto key = identity_key(dir.path());
  ASSERT_FALSE(key);
  EXPECT_EQ(key.error().message, "'" + (dir / "identity.key").native() + "' is no key");
  EXPECT_EQ(dir.read("identity.key"), "abc");
}

}  // namespace
}  // namespace swamp::vault
