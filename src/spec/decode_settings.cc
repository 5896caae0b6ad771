#include "spec/decode_settings.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/clock.h"
#include "base/duration.h"
#include "spec/names.h"

namespace swamp::spec {
namespace {

bool holds_expression(const yaml::Node& node) {
  return node.is_string() && cel::Template::has_expression(node.text());
}

/// What a key of a driver's configuration must be. An expression may stand for any of them.
enum class Shape : std::uint8_t {
  text,
  text_or_number,
  milliseconds,
  texts,
  text_map,
  mode,
  mount,
  entrypoint
};

struct DriverKey {
  std::string_view name;
  Shape shape;
  bool raw = false;  // means something to the raw driver too
};

constexpr std::array kDriverKeys{
    DriverKey{"image", Shape::text},
    DriverKey{"bundleImage", Shape::text},
    DriverKey{"command", Shape::text},
    DriverKey{"timeout", Shape::milliseconds, true},
    DriverKey{"network", Shape::text},
    DriverKey{"memory", Shape::text_or_number},
    DriverKey{"cpus", Shape::text_or_number},
    DriverKey{"volumes", Shape::texts},
    DriverKey{"env", Shape::text_map, true},
    DriverKey{"extraArgs", Shape::texts},
    DriverKey{"mode", Shape::mode},
    DriverKey{"user", Shape::text_or_number},
    DriverKey{"pull", Shape::text},
    DriverKey{"workdir", Shape::text, true},
    DriverKey{"entrypoint", Shape::entrypoint},
    DriverKey{"workspaceMount", Shape::mount},
};

constexpr std::array<std::string_view, 2> kModes{"per-step", "session"};
constexpr std::array<std::string_view, 3> kMounts{"auto", "bind", "volume"};

void check_entrypoint(MapReader& reader, const yaml::Node& value) {
  if (value.is_sequence()) {
    reader.text_list_field("entrypoint");
  } else if (!value.is_string() || value.text() != "image") {
    reader.wrong("entrypoint", value, "'image' or a list of strings");
  }
}

void check_number(MapReader& reader, std::string_view key, const yaml::Node& value,
                  bool above_zero) {
  if (!value.value().is_number()) {
    reader.wrong(key, value, "a number");
  } else if (above_zero && !(value.value().to_double() > 0)) {
    reader.problems().add(value.where(),
                          fmt::format("'{}' of {} must be more than 0", key, reader.what()));
  }
}

void check_driver_key(MapReader& reader, const DriverKey& key) {
  const auto* value = reader.find(key.name);
  if (!value || holds_expression(*value)) return;
  switch (key.shape) {
    case Shape::text:
      reader.text(key.name);
      break;
    case Shape::text_or_number:
      if (!value->value().is_number()) reader.text(key.name);
      break;
    case Shape::milliseconds:
      check_number(reader, key.name, *value, true);
      break;
    case Shape::texts:
      reader.text_list_field(key.name);
      break;
    case Shape::text_map:
      reader.text_map_field(key.name);
      break;
    case Shape::mode:
      reader.choice(key.name, kModes);
      break;
    case Shape::mount:
      reader.choice(key.name, kMounts);
      break;
    case Shape::entrypoint:
      check_entrypoint(reader, *value);
      break;
  }
}

/// The keys of a driver that we do not know are its own business.
void check_driver_config(const yaml::Node& config, const std::optional<std::string>& driver,
                         const std::string& owner, Problems& problems) {
  if (driver && *driver != "docker" && *driver != "raw") return;
  MapReader reader(config, fmt::format("driverConfig of {}", owner), problems);
  for (const auto& key : kDriverKeys) {
    if (driver != "raw" || key.raw) check_driver_key(reader, key);
  }
  reader.finish();
}

/// Nothing above zero, or `ephemeral`, …; an age of zero means the life of the workflow, as it
/// always did.
std::optional<std::string> decode_lifetime(MapReader& reader) {
  auto text = reader.text("lifetime");
  if (!text || text->empty() || *text == "ephemeral" || *text == "infinite" || *text == "job" ||
      *text == "workflow") {
    return text;
  }
  const auto age = parse_age(*text);
  if (age) return age->count() == 0 ? "workflow" : *text;
  reader.problems().add(
      reader.find("lifetime")->where(),
      fmt::format("'lifetime' of {} must not be '{}'", reader.what(), *text),
      "write ephemeral, infinite, job, workflow, or a whole number with m, h, d, w, mo or y");
  return std::nullopt;
}

Value decode_garbage_collection(MapReader& reader) {
  constexpr std::string_view kKey = "garbageCollection";
  const auto* value = reader.find(kKey);
  if (!value) return {};
  if (value->value().is_number()) return reader.integer(kKey, 1).value_or(1);
  if (value->is_string()) {
    const auto age = parse_age(value->text());
    if (age && age->count() > 0) return value->text();
  }
  reader.wrong(kKey, *value, "a number of versions, or an age such as 7d",
               "write a whole number from 1, or a whole number with m, h, d, w, mo or y");
  return {};
}

ReportSelection::Required decode_required(const yaml::Node& node, Problems& problems,
                                          Problems& unknown) {
  if (node.is_string()) return {.name = node.text()};
  MapReader reader(node, label("required report", node), problems);
  ReportSelection::Required required{.name = reader.required_text("name"),
                                     .methods = reader.texts("methods")};
  reader.finish({}, unknown);
  return required;
}

}  // namespace

DriverChoice decode_driver(MapReader& reader) {
  DriverChoice choice{.name = reader.text("driver")};
  if (choice.name) choice.where = reader.find("driver")->where();
  choice.config = reader.map_field("driverConfig");
  if (choice.config) {
    check_driver_config(*reader.find("driverConfig"), choice.name, reader.what(),
                        reader.problems());
  }
  return choice;
}

Placement decode_placement(MapReader& reader) {
  Placement placement{.target = reader.filled_text_field("target"),
                      .labels = reader.text_map_field("labels"),
                      .platform = reader.filled_text_field("platform"),
                      .queue_timeout = reader.seconds("queueTimeout", MapReader::Zero::allowed)};
  if (placement.queue_timeout) placement.queue_timeout_where = reader.find("queueTimeout")->where();
  return placement;
}

ReportSelection decode_reports(MapReader& reader, Problems& unknown) {
  ReportSelection selection;
  const auto* node = reader.find("reports");
  if (!node) return selection;
  MapReader reports(*node, fmt::format("reports of {}", reader.what()), reader.problems());
  for (const auto& item : reports.items("require")) {
    selection.require.push_back(decode_required(item, reader.problems(), unknown));
  }
  selection.skip = reports.texts("skip");
  reports.finish({}, unknown);
  return selection;
}

OutputPolicy decode_output_policy(MapReader& reader) {
  return {.lifetime = decode_lifetime(reader),
          .garbage_collection = decode_garbage_collection(reader),
          .vault_name = reader.text("vaultName")};
}

int decode_version(MapReader& reader) {
  return reader.integer("version", 1).value_or(1);
}

std::string decode_id(MapReader& reader) {
  auto id = reader.required_text("id", "add one: 'uuidgen' prints a new UUID");
  const auto* node = reader.find("id");
  if (node && !id.empty() && !is_uuid(id)) {
    reader.problems().add(node->where(),
                          fmt::format("'id' of {} must be a UUID, not '{}'", reader.what(), id),
                          "'uuidgen' prints a new one");
  }
  return id;
}

std::string decode_name(MapReader& reader, std::string_view what) {
  auto name = reader.required_text("name");
  const auto* node = reader.find("name");
  if (!node || name.empty()) return name;
  if (auto checked = check_name(name, what); !checked)
    reader.problems().add(node->where(), checked.error());
  return name;
}

}  // namespace swamp::spec
