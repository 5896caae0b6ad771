#include "spec/workflow_schema.h"

#include <array>
#include <cassert>
#include <utility>

#include "value/json.h"

namespace swamp::spec {
namespace {

// Everything under one roof; the schemas that are handed out refer into it.
constexpr std::string_view kDefinitions = R"json({
"workflow": {
  "type": "object", "additionalProperties": false, "required": ["id", "name", "jobs"],
  "allOf": [{"$ref": "#/$defs/driverRules"}],
  "properties": {
    "id": {"type": "string", "pattern": "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$", "description": "UUID that stays when the workflow is renamed"},
    "name": {"$ref": "#/$defs/documentName"},
    "description": {"type": "string"},
    "trigger": {"$ref": "#/$defs/trigger"},
    "tags": {"$ref": "#/$defs/texts", "description": "written on the run and on all data of it"},
    "inputs": {"$ref": "#/$defs/inputs"},
    "jobs": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/job"}},
    "version": {"type": "integer", "minimum": 1, "maximum": 2147483647, "default": 1},
    "concurrency": {"$ref": "#/$defs/concurrency", "description": "jobs at once, and steps of a job that says nothing itself"},
    "failFast": {"type": "boolean", "default": false, "description": "after a failure cancel what runs and skip what does not handle it"},
    "timeout": {"$ref": "#/$defs/timeLimit"},
    "reports": {"$ref": "#/$defs/reports"},
    "driver": {"$ref": "#/$defs/driver"},
    "driverConfig": {"type": "object"},
    "workspace": {"$ref": "#/$defs/workspace"},
    "affinity": {"type": "boolean"},
    "target": {"$ref": "#/$defs/text"},
    "labels": {"$ref": "#/$defs/texts"},
    "platform": {"$ref": "#/$defs/text"},
    "queueTimeout": {"$ref": "#/$defs/queueTimeout"}
  }
},
"job": {
  "type": "object", "additionalProperties": false, "required": ["name", "steps"],
  "allOf": [{"$ref": "#/$defs/driverRules"}],
  "properties": {
    "name": {"$ref": "#/$defs/text"},
    "description": {"type": "string"},
    "steps": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/step"}},
    "dependsOn": {"type": "array", "items": {"$ref": "#/$defs/jobDependency"}, "default": [], "description": "all must hold before the job starts"},
    "weight": {"$ref": "#/$defs/weight"},
    "concurrency": {"$ref": "#/$defs/concurrency", "description": "steps at once"},
    "failFast": {"type": "boolean", "default": false},
    "timeout": {"$ref": "#/$defs/timeLimit"},
    "driver": {"$ref": "#/$defs/driver"},
    "driverConfig": {"type": "object"},
    "affinity": {"type": "boolean"},
    "target": {"$ref": "#/$defs/text"},
    "labels": {"$ref": "#/$defs/texts"},
    "platform": {"$ref": "#/$defs/text"},
    "queueTimeout": {"$ref": "#/$defs/queueTimeout"}
  }
},
"jobDependency": {
  "type": "object", "additionalProperties": false, "required": ["job", "condition"],
  "properties": {"job": {"$ref": "#/$defs/text"}, "condition": {"$ref": "#/$defs/triggerCondition"}}
},
"step": {
  "type": "object", "additionalProperties": false, "required": ["name", "task"],
  "allOf": [{"$ref": "#/$defs/driverRules"}],
  "properties": {
    "name": {"$ref": "#/$defs/text", "description": "may hold ${{ self.<item> }} in a step with forEach"},
    "description": {"type": "string"},
    "task": {"$ref": "#/$defs/stepTask"},
    "forEach": {
      "type": "object", "additionalProperties": false, "required": ["item", "in"],
      "properties": {
        "item": {"$ref": "#/$defs/text", "description": "the name of the element: self.<item>"},
        "in": {"$ref": "#/$defs/expression", "description": "a list, or a map whose entries have key and value"}
      }
    },
    "dependsOn": {"type": "array", "items": {"$ref": "#/$defs/stepDependency"}, "default": [], "description": "all must hold before the step starts"},
    "weight": {"$ref": "#/$defs/weight"},
    "concurrency": {"$ref": "#/$defs/concurrency", "description": "iterations at once"},
    "allowFailure": {"type": "boolean", "default": false, "description": "its failure does not fail the job"},
    "guard": {"$ref": "#/$defs/expression", "description": "when true the step is skipped"},
    "dataOutputOverrides": {"type": "array", "items": {"$ref": "#/$defs/dataOutputOverride"}},
    "retry": {"$ref": "#/$defs/retry"},
    "timeout": {"$ref": "#/$defs/timeLimit", "description": "of each attempt"},
    "driver": {"$ref": "#/$defs/driver"},
    "driverConfig": {"type": "object"},
    "outputs": {"type": "array", "items": {"$ref": "#/$defs/output"}},
    "caches": {"type": "array", "items": {"$ref": "#/$defs/cache"}},
    "target": {"$ref": "#/$defs/text"},
    "labels": {"$ref": "#/$defs/texts"},
    "platform": {"$ref": "#/$defs/text"},
    "queueTimeout": {"$ref": "#/$defs/queueTimeout"}
  }
},
"stepDependency": {
  "type": "object", "additionalProperties": false, "required": ["step", "condition"],
  "properties": {"step": {"$ref": "#/$defs/text"}, "condition": {"$ref": "#/$defs/triggerCondition"}}
},
"stepTask": {
  "type": "object", "required": ["type"],
  "oneOf": [
    {
      "additionalProperties": false, "required": ["methodName"],
      "properties": {
        "type": {"const": "model_method"},
        "modelIdOrName": {"$ref": "#/$defs/text", "description": "a definition"},
        "modelType": {"$ref": "#/$defs/text", "description": "or a type; without modelName on an instance of this run"},
        "modelName": {"$ref": "#/$defs/text"},
        "methodName": {"$ref": "#/$defs/text"},
        "inputs": {"$ref": "#/$defs/mapOrExpression"},
        "globalArgs": {"$ref": "#/$defs/mapOrExpression"}
      },
      "oneOf": [
        {"required": ["modelIdOrName"], "properties": {"modelType": false, "modelName": false, "globalArgs": false}},
        {"required": ["modelType"], "properties": {"modelIdOrName": false}}
      ]
    },
    {
      "additionalProperties": false, "required": ["workflowIdOrName"],
      "properties": {
        "type": {"const": "workflow"},
        "workflowIdOrName": {"$ref": "#/$defs/text"},
        "inputs": {"$ref": "#/$defs/mapOrExpression"}
      }
    },
    {
      "additionalProperties": false, "required": ["prompt"],
      "properties": {
        "type": {"const": "manual_approval"},
        "prompt": {"$ref": "#/$defs/text"},
        "timeout": {"type": "number", "exclusiveMinimum": 0, "maximum": 3153600000, "description": "seconds"}
      }
    },
    {
      "additionalProperties": false, "required": ["expr", "message"],
      "properties": {
        "type": {"const": "assert"},
        "expr": {"$ref": "#/$defs/text", "description": "CEL, without ${{ }}"},
        "message": {"$ref": "#/$defs/text"},
        "severity": {"enum": ["low", "medium", "high"], "default": "high"}
      }
    }
  ]
},
"triggerCondition": {
  "type": "object", "required": ["type"],
  "oneOf": [
    {"additionalProperties": false, "properties": {"type": {"enum": ["always", "succeeded", "failed", "completed", "skipped"]}}},
    {
      "additionalProperties": false, "required": ["conditions"],
      "properties": {
        "type": {"enum": ["and", "or"]},
        "conditions": {"type": "array", "minItems": 2, "items": {"$ref": "#/$defs/triggerCondition"}}
      }
    },
    {
      "additionalProperties": false, "required": ["condition"],
      "properties": {"type": {"const": "not"}, "condition": {"$ref": "#/$defs/triggerCondition"}}
    }
  ]
},
)json";

constexpr std::string_view kSmallDefinitions = R"json(
"text": {"type": "string", "minLength": 1},
"texts": {"type": "object", "additionalProperties": {"type": "string"}},
"textList": {"type": "array", "items": {"$ref": "#/$defs/text"}},
"documentName": {
  "type": "string", "pattern": "^(@[a-z0-9_-]+(/[a-z0-9_-]+)+|[^/\\\\]+)$", "not": {"pattern": "\\.\\."}
},
"expression": {"type": "string", "pattern": "^\\$\\{\\{[\\s\\S]+\\}\\}\\s*$"},
"holdsExpression": {"type": "string", "pattern": "\\$\\{\\{[\\s\\S]+\\}\\}"},
"mapOrExpression": {"anyOf": [{"type": "object"}, {"$ref": "#/$defs/expression"}]},
"weight": {"type": "number", "default": 0, "description": "of what is ready the smallest starts first"},
"concurrency": {"type": "integer", "minimum": 0, "maximum": 2147483647, "description": "0: no limit"},
"queueTimeout": {"type": "number", "minimum": 0, "maximum": 3153600000, "description": "seconds"},
"timeLimit": {
  "description": "30s, 5m, 1.5h; a bare number is seconds",
  "anyOf": [
    {"type": "number", "minimum": 0.0005},
    {"type": "string", "pattern": "^([0-9]+\\.?[0-9]*|\\.[0-9]+)(ms|s|m|h|d)?$", "not": {"pattern": "^[0.]*(ms|s|m|h|d)?$"}}
  ]
},
"delay": {"anyOf": [{"$ref": "#/$defs/timeLimit"}, {"const": 0}, {"const": "0"}]},
"lifetime": {"type": "string", "pattern": "^(ephemeral|infinite|job|workflow|[0-9]+(m|h|d|w|mo|y))$"},
"garbageCollection": {
  "anyOf": [
    {"type": "integer", "minimum": 1, "maximum": 2147483647},
    {"type": "string", "pattern": "^[0-9]+(m|h|d|w|mo|y)$", "not": {"pattern": "^0+[a-z]+$"}}
  ]
},
"trigger": {
  "type": "object", "additionalProperties": false,
  "properties": {
    "schedule": {"type": "string", "pattern": "^\\s*\\S+(\\s+\\S+){4,5}\\s*$", "description": "cron: minute hour day month weekday, seconds in front when there are six"},
    "inputs": {"type": "object"}
  }
},
"inputs": {
  "type": "object",
  "description": "JSON Schema of the inputs, or only the map of its properties",
  "if": {"required": ["properties"]},
  "then": {
    "allOf": [{"$ref": "#/$defs/inputSchema"}],
    "properties": {
      "type": {"const": "object"},
      "properties": {"type": "object", "additionalProperties": {"$ref": "#/$defs/inputSchema"}}
    }
  },
  "else": {
    "properties": {
      "type": {"anyOf": [{"const": "object"}, {"$ref": "#/$defs/inputSchema"}]},
      "required": {"anyOf": [{"$ref": "#/$defs/names"}, {"$ref": "#/$defs/inputSchema"}]},
      "additionalProperties": {"anyOf": [{"type": "boolean"}, {"$ref": "#/$defs/inputSchema"}]},
      "description": {"anyOf": [{"type": "string"}, {"$ref": "#/$defs/inputSchema"}]},
      "title": {"anyOf": [{"type": "string"}, {"$ref": "#/$defs/inputSchema"}]},
      "$schema": {"anyOf": [{"type": "string"}, {"$ref": "#/$defs/inputSchema"}]},
      "$id": {"anyOf": [{"type": "string"}, {"$ref": "#/$defs/inputSchema"}]}
    },
    "additionalProperties": {"$ref": "#/$defs/inputSchema"}
  }
},
"inputSchema": {
  "type": "object", "additionalProperties": false, "patternProperties": {"^x-": true},
  "properties": {
    "type": {"anyOf": [{"$ref": "#/$defs/typeName"}, {"type": "array", "minItems": 1, "uniqueItems": true, "items": {"$ref": "#/$defs/typeName"}}, {"$ref": "#/$defs/holdsExpression"}]},
    "description": {"type": "string"}, "title": {"type": "string"}, "$comment": {"type": "string"},
    "default": {"description": "used when the input is not given; may be an expression"},
    "examples": {"type": "array"}, "deprecated": {"type": "boolean"}, "readOnly": {"type": "boolean"}, "writeOnly": {"type": "boolean"},
    "enum": {"type": "array"}, "const": true,
    "properties": {"$ref": "#/$defs/inputSchemas"}, "required": {"$ref": "#/$defs/names"},
    "additionalProperties": {"$ref": "#/$defs/inputRule"}, "patternProperties": {"$ref": "#/$defs/inputSchemas"},
    "propertyNames": {"$ref": "#/$defs/inputRule"}, "minProperties": {"$ref": "#/$defs/count"}, "maxProperties": {"$ref": "#/$defs/count"},
    "dependentRequired": {"type": "object", "additionalProperties": {"$ref": "#/$defs/names"}},
    "dependentSchemas": {"$ref": "#/$defs/inputSchemas"}, "unevaluatedProperties": {"$ref": "#/$defs/inputRule"},
    "items": {"$ref": "#/$defs/inputRule"}, "prefixItems": {"$ref": "#/$defs/inputRules"}, "contains": {"$ref": "#/$defs/inputRule"},
    "minItems": {"$ref": "#/$defs/count"}, "maxItems": {"$ref": "#/$defs/count"}, "uniqueItems": {"type": "boolean"},
    "minContains": {"$ref": "#/$defs/count"}, "maxContains": {"$ref": "#/$defs/count"}, "unevaluatedItems": {"$ref": "#/$defs/inputRule"},
    "minimum": {"type": "number"}, "maximum": {"type": "number"}, "exclusiveMinimum": {"type": "number"}, "exclusiveMaximum": {"type": "number"},
    "multipleOf": {"type": "number", "exclusiveMinimum": 0},
    "minLength": {"$ref": "#/$defs/count"}, "maxLength": {"$ref": "#/$defs/count"}, "pattern": {"type": "string"}, "format": {"type": "string"},
    "allOf": {"$ref": "#/$defs/inputRules"}, "anyOf": {"$ref": "#/$defs/inputRules"}, "oneOf": {"$ref": "#/$defs/inputRules"},
    "not": {"$ref": "#/$defs/inputRule"}, "if": {"$ref": "#/$defs/inputRule"}, "then": {"$ref": "#/$defs/inputRule"}, "else": {"$ref": "#/$defs/inputRule"},
    "contentEncoding": {"type": "string"}, "contentMediaType": {"type": "string"}, "contentSchema": {"$ref": "#/$defs/inputRule"},
    "$schema": {"type": "string"}, "$id": {"type": "string"}, "$ref": {"type": "string"}, "$anchor": {"type": "string"},
    "$dynamicAnchor": {"type": "string"}, "$dynamicRef": {"type": "string"}, "$vocabulary": {"type": "object"},
    "$defs": {"$ref": "#/$defs/inputSchemas"}, "definitions": {"$ref": "#/$defs/inputSchemas"}, "dependencies": {"type": "object"}
  }
},
"inputRule": {"anyOf": [{"type": "boolean"}, {"$ref": "#/$defs/inputSchema"}]},
"inputRules": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/inputRule"}},
"inputSchemas": {"type": "object", "additionalProperties": {"$ref": "#/$defs/inputRule"}},
"typeName": {"enum": ["string", "number", "integer", "boolean", "array", "object", "null"]},
"names": {"type": "array", "uniqueItems": true, "items": {"type": "string"}},
"count": {"type": "integer", "minimum": 0},
"reports": {
  "type": "object", "additionalProperties": false,
  "properties": {
    "require": {
      "type": "array",
      "items": {
        "anyOf": [
          {"type": "string"},
          {
            "type": "object", "additionalProperties": false, "required": ["name"],
            "properties": {"name": {"$ref": "#/$defs/text"}, "methods": {"$ref": "#/$defs/textList"}}
          }
        ]
      }
    },
    "skip": {"$ref": "#/$defs/textList"}
  }
},
"retry": {
  "type": "object", "additionalProperties": false,
  "properties": {
    "attempts": {"type": "integer", "minimum": 1, "maximum": 2147483647, "default": 1, "description": "all tries, the first included"},
    "delay": {"$ref": "#/$defs/delay", "default": 0},
    "backoff": {"type": "number", "minimum": 1, "default": 2},
    "maxDelay": {"$ref": "#/$defs/delay", "default": "5m"},
    "on": {"type": "array", "minItems": 1, "items": {"enum": ["failed", "timeout"]}, "default": ["failed", "timeout"]}
  }
},
"dataOutputOverride": {
  "type": "object", "additionalProperties": false, "required": ["specName"],
  "properties": {
    "specName": {"$ref": "#/$defs/text"},
    "lifetime": {"$ref": "#/$defs/lifetime"},
    "garbageCollection": {"$ref": "#/$defs/garbageCollection", "description": "versions to keep, or an age"},
    "tags": {"$ref": "#/$defs/texts"},
    "vary": {"$ref": "#/$defs/textList", "description": "inputs whose values become part of the data name"},
    "vaultName": {"$ref": "#/$defs/text"}
  }
},
"output": {
  "type": "object", "additionalProperties": false, "required": ["path"],
  "properties": {
    "path": {"$ref": "#/$defs/text"},
    "makeAvailableTo": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/text"}, "description": "steps of this job, jobs, or job/step; absent: all that depend on the step"}
  }
},
"cache": {
  "type": "object", "additionalProperties": false, "required": ["path", "key"],
  "properties": {
    "path": {"$ref": "#/$defs/text"}, "key": {"$ref": "#/$defs/text"}, "restoreKeys": {"$ref": "#/$defs/textList"}
  }
},
"workspace": {
  "anyOf": [
    {"type": "boolean"},
    {
      "type": "object", "additionalProperties": false,
      "properties": {
        "enabled": {"type": "boolean", "default": true},
        "persistent": {"type": "boolean", "default": false, "description": "kept for the next run"},
        "name": {"$ref": "#/$defs/text", "description": "shared by all workflows that name it"}
      },
      "dependentSchemas": {"name": {"required": ["persistent"], "properties": {"persistent": {"const": true}}}}
    }
  ]
},
"driver": {"type": "string", "minLength": 1, "description": "raw, docker"},
"driverRules": {
  "if": {"properties": {"driver": {"const": "docker"}}},
  "then": {"properties": {"driverConfig": {"$ref": "#/$defs/dockerConfig"}}},
  "else": {
    "if": {"properties": {"driver": {"const": "raw"}}},
    "then": {"properties": {"driverConfig": {"$ref": "#/$defs/rawConfig"}}}
  }
},
"computedText": {"$ref": "#/$defs/text"},
"computedMap": {"anyOf": [{"$ref": "#/$defs/texts"}, {"$ref": "#/$defs/holdsExpression"}]},
"computedList": {"anyOf": [{"$ref": "#/$defs/textList"}, {"$ref": "#/$defs/holdsExpression"}]},
"computedAmount": {"anyOf": [{"$ref": "#/$defs/text"}, {"type": "number"}]},
"milliseconds": {"anyOf": [{"type": "number", "exclusiveMinimum": 0}, {"$ref": "#/$defs/holdsExpression"}]},
"rawConfig": {
  "type": "object", "additionalProperties": false,
  "properties": {
    "timeout": {"$ref": "#/$defs/milliseconds"}, "env": {"$ref": "#/$defs/computedMap"},
    "workdir": {"$ref": "#/$defs/computedText"}
  }
},
"dockerConfig": {
  "type": "object", "additionalProperties": false,
  "properties": {
    "image": {"$ref": "#/$defs/computedText"}, "bundleImage": {"$ref": "#/$defs/computedText"},
    "command": {"$ref": "#/$defs/computedText", "description": "docker, podman, nerdctl: drives that program instead of the engine's socket"},
    "timeout": {"$ref": "#/$defs/milliseconds", "description": "milliseconds"},
    "network": {"$ref": "#/$defs/computedText"},
    "memory": {"$ref": "#/$defs/computedAmount"}, "cpus": {"$ref": "#/$defs/computedAmount"},
    "volumes": {"$ref": "#/$defs/computedList"}, "env": {"$ref": "#/$defs/computedMap"},
    "extraArgs": {"$ref": "#/$defs/computedList"},
    "mode": {"anyOf": [{"enum": ["per-step", "session"]}, {"$ref": "#/$defs/holdsExpression"}]},
    "user": {"$ref": "#/$defs/computedAmount"}, "pull": {"$ref": "#/$defs/computedText"},
    "workdir": {"$ref": "#/$defs/computedText"},
    "entrypoint": {"anyOf": [{"const": "image"}, {"$ref": "#/$defs/computedList"}]},
    "workspaceMount": {"anyOf": [{"enum": ["auto", "bind", "volume"]}, {"$ref": "#/$defs/holdsExpression"}]}
  }
}
})json";

constexpr std::array<std::string_view, 7> kPublished{
    "workflow", "job", "jobDependency", "step", "stepDependency", "stepTask", "triggerCondition"};

/// Adds the definitions that `schema` refers to, and those that these refer to, in the order they
/// are met.
void add_definitions(const Value& schema, const Map& all, Map& found) {
  constexpr std::string_view kPrefix = "#/$defs/";
  if (schema.is_list()) {
    for (const auto& item : schema.as_list())
      add_definitions(item, all, found);
  }
  if (!schema.is_map()) return;
  for (const auto& [key, value] : schema.as_map()) {
    if (key != "$ref" || !value.is_string()) {  // it may also be the name of a property
      add_definitions(value, all, found);
      continue;
    }
    const auto name = value.as_string().substr(kPrefix.size());
    if (found.contains(name)) continue;
    const auto* definition = all.find(name);
    found.set(name, *definition);
    add_definitions(*definition, all, found);
  }
}

Value make_schemas() {
  const auto parsed =
      parse_json(std::string(kDefinitions) + std::string(kSmallDefinitions), "<workflow schema>");
  assert(parsed.has_value());
  Map schemas;
  for (const auto name : kPublished) {
    Map schema{{"$schema", "https://json-schema.org/draft/2020-12/schema"}};
    const auto& definition = (*parsed)[name];
    for (const auto& [key, value] : definition.as_map())
      schema.set(key, value);
    Map used;
    add_definitions(definition, parsed->as_map(), used);
    if (!used.empty()) schema.set("$defs", std::move(used));
    schemas.set(std::string(name), std::move(schema));
  }
  return schemas;
}

}  // namespace

const Value& workflow_schemas() {
  static const Value kSchemas = make_schemas();
  return kSchemas;
}

}  // namespace swamp::spec
