#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "async/task.h"
#include "base/clock.h"
#include "driver/environment.h"
#include "model/type.h"
#include "value/value.h"

namespace swamp::model {

/// The instance that a method runs on.
struct Instance {
  std::string id;    // of its definition, or of the ephemeral instance
  std::string name;  // likewise
  std::string type;  // normalized
  bool ephemeral = false;
};

/// What a write gave: one version of one data item.
struct Handle {
  std::string name;
  std::string spec_name;
  enum class Kind : std::uint8_t { resource, file } kind = Kind::resource;
  std::string data_id;
  int version = 0;
  std::uint64_t size = 0;
};

/// How one write departs from its spec.
struct WriteOptions {
  std::optional<std::string> lifetime = std::nullopt;
  std::optional<Value> garbage_collection = std::nullopt;
  std::vector<std::pair<std::string, std::string>> tags = {};
};

/// A file that a method is writing. Invisible to readers until finalize; dropped when destroyed
/// before.
class FileWriter {
 public:
  virtual ~FileWriter() = default;
  virtual Result<> append(std::string_view bytes) = 0;
  virtual Result<Handle> finalize() = 0;
};

/// Something that bytes pass through on their way.
class StreamFilter {
 public:
  virtual ~StreamFilter() = default;
  /// What may be passed on so far; the filter may keep some bytes back.
  virtual std::string feed(std::string_view bytes) = 0;
  /// The rest, once nothing more comes.
  virtual std::string finish() = 0;
};

/// A call of another model's method from within a method.
struct ModelCall {
  std::string model;  // name, id or type
  std::string method;
  Value inputs = Map{};
};

/// All that a method may reach: the ports that the engine fills in. Used from the method's own
/// executor only.
class MethodContext {
 public:
  virtual ~MethodContext() = default;

  virtual const Instance& instance() const = 0;
  virtual std::string_view method_name() const = 0;

  /// Arguments after defaults, coercion and validation; they may hold secret strings.
  virtual const Value& arguments() const = 0;
  virtual const Value& global_arguments() const = 0;

  /// Where its processes run, with the folder and the variables that every process of this call
  /// gets.
  virtual driver::Environment& environment() = 0;
  virtual std::string working_directory() const = 0;
  virtual std::map<std::string, std::string> process_variables() const = 0;
  virtual driver::Input process_input() const = 0;

  /// Writes a resource version; `name` is the instance name of the data. Sensitive fields go to a
  /// vault first.
  virtual Task<Handle> write_resource(std::string spec, std::string name, Value data,
                                      WriteOptions options) = 0;
  virtual Result<std::unique_ptr<FileWriter>> open_file(std::string_view spec,
                                                        std::string_view name,
                                                        WriteOptions options) = 0;
  /// The newest content of a resource of this instance; nothing when there is none.
  virtual Result<std::optional<Value>> read_resource(std::string_view name) = 0;

  /// One line of output for whoever watches the run and for its log, as it came through redactor().
  virtual void output(driver::Chunk::Stream stream, std::string_view line) = 0;

  /// A filter that replaces every registered secret in a stream of bytes, also across the borders
  /// of what is fed: for what a method stores or shows by itself. Cheap when nothing is registered.
  virtual std::unique_ptr<StreamFilter> redactor() const = 0;

  virtual Task<Value> run_model(ModelCall call) = 0;
  virtual Timestamp now() const = 0;
};

}  // namespace swamp::model
