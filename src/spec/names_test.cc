#include "spec/names.h"

#include <gtest/gtest.h>

namespace swamp::spec {
namespace {

std::string normalized(std::string_view text) {
  auto type = TypeName::parse(text);
  return type ? type->normalized : "error: " + type.error().message;
}

std::string problem(const Result<>& checked) {
  return checked ? "" : checked.error().message;
}

TEST(TypeNameTest, EveryWayOfWritingATypeMeansTheSame) {
  for (const auto* text : {"command/shell", "Command/Shell", " command::shell ", "command.shell",
                           "command shell", "/command//shell/", "command::/shell"}) {
    EXPECT_EQ(normalized(text), "command/shell") << text;
  }
  EXPECT_EQ(normalized("@Acme/Web.Site"), "@acme/web/site");
}

TEST(TypeNameTest, ATypeOfNothingIsRefused) {
  for (const auto* text : {"", "  ", "/", "..", ". /"})
    EXPECT_EQ(normalized(text), "error: a type must not be empty");
}

TEST(TypeNameTest, ATypeCannotLeadOutOfItsFolder) {
  EXPECT_EQ(normalized("../../etc"), "etc");
  EXPECT_EQ(normalized("a\\b"), "error: type 'a\\b' holds a character that no type can have");
}

TEST(TypeNameTest, PartsOfATypeAreKnown) {
  const auto type = *TypeName::parse("@Acme/web/Site");
  EXPECT_EQ(type.raw, "@Acme/web/Site");
  EXPECT_EQ(type.collective(), "@acme");
  EXPECT_EQ(TypeName::parse("shell")->collective(), "");
}

TEST(NamesTest, ALoadedNameMayBeAlmostAnything) {
  for (const auto* name : {"web", "Web Server", "a.b", "@acme/web", "@acme/web/site_1"}) {
    EXPECT_TRUE(check_name(name, "name")) << name;
  }
}

TEST(NamesTest, ANameThatCouldLeaveItsFolderIsRefused) {
  EXPECT_EQ(problem(check_name("", "definition name")), "definition name must not be empty");
  EXPECT_EQ(problem(check_name("a/../b", "definition name")),
            "definition name 'a/../b' must not hold '..'");
  EXPECT_EQ(problem(check_name("a/b", "definition name")),
            "definition name 'a/b' must not hold '/'");
  EXPECT_EQ(problem(check_name("@Acme/b", "definition name")),
            "definition name '@Acme/b' must not hold '/'");
  EXPECT_EQ(problem(check_name("a\\b", "definition name")),
            "definition name 'a\\b' must not hold a backslash");
  EXPECT_FALSE(check_name(std::string_view("a\0b", 3), "definition name"));
}

TEST(NamesTest, ANewNameIsAFileName) {
  EXPECT_TRUE(check_new_definition_name("web_1-a"));
  EXPECT_TRUE(check_new_definition_name("@acme/web"));
  EXPECT_EQ(problem(check_new_definition_name("Web")),
            "definition name 'Web' must begin with a lower-case letter or digit and hold only "
            "those, '_' and '-'");
  EXPECT_EQ(problem(check_new_workflow_name("web_1")),
            "workflow name 'web_1' must begin with a lower-case letter or digit and hold only "
            "those and '-'");
  EXPECT_EQ(problem(check_new_definition_name(std::string(65, 'a'))),
            "definition name '" + std::string(65, 'a') + "' is longer than 64 characters");
  EXPECT_TRUE(check_new_definition_name(std::string(64, 'a')));
}

TEST(NamesTest, NamesThatCannotBeFilesAreStoredByTheirId) {
  EXPECT_TRUE(is_definition_file_name("web_1"));
  EXPECT_FALSE(is_workflow_file_name("web_1"));
  EXPECT_FALSE(is_definition_file_name("@acme/web"));
  EXPECT_FALSE(is_definition_file_name("Web"));
}

}  // namespace
}  // namespace swamp::spec
