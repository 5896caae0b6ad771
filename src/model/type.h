#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "async/task.h"
#include "value/value.h"

namespace swamp::model {

class MethodContext;

/// Where the output of a method goes when it is structured data.
struct ResourceSpec {
  std::string name;
  std::string description = {};
  Value schema = {};  // JSON Schema 2020-12; null: anything
  std::string lifetime = "infinite";
  Value garbage_collection = 10;  // number of versions, or an age such as "7d"
  std::vector<std::pair<std::string, std::string>> tags = {};
  bool sensitive_output = false;  // every top-level key is kept in a vault
  std::string vault_name = {};
};

/// Where the output of a method goes when it is bytes.
struct FileSpec {
  std::string name;
  std::string description = {};
  std::string content_type = "text/plain";
  std::string lifetime = "infinite";
  Value garbage_collection = 10;
  bool streaming = false;
  std::vector<std::pair<std::string, std::string>> tags = {};
};

/// What a method does to the thing behind the model. `unknown` counts as mutating.
enum class MethodKind : std::uint8_t { create, read, update, remove, list, action, unknown };

std::string_view to_string(MethodKind kind);

/// The kind that a method's name implies (`get` reads, `destroy` removes); unknown for any other
/// name.
MethodKind kind_from_name(std::string_view method_name);

/// What a method does when it is run. One object serves many calls at once; it keeps no state of a
/// call.
class MethodBody {
 public:
  virtual ~MethodBody() = default;

  /// Does the work through the ports of `context`, which outlives the call. What was written before
  /// a failure stays.
  virtual Task<> run(MethodContext& context) const = 0;
};

/// A method of a type.
struct Method {
  std::string name;
  std::string description = {};
  MethodKind kind = MethodKind::unknown;
  Value arguments_schema = {};  // JSON Schema of an object
  std::shared_ptr<const MethodBody> body;

  bool is_mutating() const { return kind != MethodKind::read && kind != MethodKind::list; }
};

/// A type of model: the typed stand-in for a kind of external system. Immutable once registered.
struct Type {
  std::string raw;                     // as its author wrote it
  std::string normalized;              // see spec/names.h
  std::string version;                 // CalVer
  Value global_arguments_schema = {};  // null: any key is accepted
  std::vector<ResourceSpec> resources = {};
  std::vector<FileSpec> files = {};
  std::vector<Method> methods = {};
  std::vector<std::string> reports = {};
  bool concurrent = false;  // its methods keep no state in their own data: runs need no data mutex
  bool internal = false;    // hidden from search and completion

  const Method* find_method(std::string_view name) const;
  const ResourceSpec* find_resource(std::string_view name) const;
  const FileSpec* find_file(std::string_view name) const;
};

}  // namespace swamp::model
