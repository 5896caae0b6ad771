// Holds JSON documents against a JSON Schema: schema_check SCHEMA, one document a line on standard
// input. Says what is wrong, and ends with 1 then.
#include <fstream>
#include <iostream>
#include <sstream>

#include "schema/schema.h"
#include "value/json.h"

int main(int argc, char** argv) {
  using namespace swamp;
  if (argc != 2) {
    std::cerr << "usage: schema_check SCHEMA <documents\n";
    return 2;
  }
  std::ostringstream text;
  text << std::ifstream(argv[1]).rdbuf();
  const auto document = parse_json(text.str(), argv[1]);
  const auto schema = document ? schema::Schema::compile(*document) : fail(document.error());
  if (!schema) {
    std::cerr << schema.error().message << '\n';
    return 2;
  }
  int wrong = 0;
  int number = 0;
  for (std::string line; std::getline(std::cin, line);) {
    ++number;
    const auto value = parse_json(line, "document");
    if (!value) {
      std::cout << number << ": " << value.error().message << '\n';
      wrong = 1;
      continue;
    }
    for (const schema::Problem& problem : schema->validate(*value)) {
      std::cout << number << ": " << problem.instance << ": " << problem.message << '\n';
      wrong = 1;
    }
  }
  return wrong;
}
