#pragma once

#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <utility>

#include "value/json.h"
#include "value/value.h"

// Workflow documents that are right, each with other keys and other forms of their values.
namespace swamp::spec::test {

class RandomWorkflow {
 public:
  explicit RandomWorkflow(unsigned seed) : random_(seed) {}

  Value document() {
    Map map{{"id", "2f1f0f5e-7d0a-4a55-9c3e-0b1c2d3e4f50"},
            {"name", any({"tour", "@team/tour", "Tour de France", "1"})}};
    may(map, "description", {R"("")", R"("what it is for ${{ inputs.a }}")"});
    may(map, "trigger",
        {R"({})", R"({"schedule": "*/5 * * * *"})",
         R"({"schedule": "0 0 3 * * 1", "inputs": {"a": [1]}})"});
    may(map, "tags", {R"({})", R"({"team": "infra", "env": "${{ inputs.a }}"})"});
    may(map, "inputs",
        {R"({})", R"({"a": {"type": "string"}})",
         R"({"required": ["a"], "a": {"enum": ["x", 1, null], "default": "x"}, "x-b": {}})",
         R"({"type": {"type": "string", "description": "an input of that name"}})",
         R"({"properties": {}})",
         R"({"type": "object", "properties": {"a": {"type": ["string", "null"], "minLength": 1}},
          "required": ["a"], "additionalProperties": false})",
         R"({"properties": {"a": {"type": "array", "items": {"type": "object", "properties": {"b": {"type": "integer",
          "minimum": 1, "maximum": 5}}, "required": ["b"]}, "minItems": 1, "maxItems": 3, "uniqueItems": true}}})",
         R"({"properties": {"a": {"type": "string", "pattern": "^a+$", "default": "${{ env.HOME }}", "x-shown": true}}})",
         R"({"properties": {"a": {"anyOf": [{"type": "string"}, {"type": "number", "multipleOf": 0.5}]}},
          "additionalProperties": {"type": "string"}})"});
    map.set("jobs", list(1, 3, [&] { return job(); }));
    may(map, "version", {"1", "7"});
    concurrency(map);
    may(map, "failFast", {"true", "false"});
    time_limit(map);
    may(map, "reports",
        {R"({})", R"({"require": []})", R"({"require": ["a", {"name": "b", "methods": ["get"]}]})",
         R"({"require": [{"name": "b"}], "skip": ["c"]})"});
    driver(map);
    may(map, "workspace",
        {"true", "false", R"({})", R"({"enabled": false})",
         R"({"persistent": true, "name": "ci-${{ inputs.a }}"})"});
    may(map, "affinity", {"true", "false"});
    placement(map);
    return shuffled(std::move(map));
  }

 private:
  using Choices = std::initializer_list<std::string_view>;

  std::size_t pick(std::size_t size) { return random_() % size; }
  bool sometimes() { return pick(3) == 0; }

  std::string any(Choices choices) { return std::string(choices.begin()[pick(choices.size())]); }

  void may(Map& map, std::string_view key, Choices json) {
    if (sometimes()) map.set(std::string(key), *parse_json(any(json)));
  }

  template <class Make>
  void may_have(Map& map, std::string_view key, Make make) {
    if (sometimes()) map.set(std::string(key), make());
  }

  template <class Make>
  List list(std::size_t least, std::size_t most, Make make) {
    List items;
    for (auto count = least + pick(most - least + 1); count > 0; --count)
      items.push_back(make());
    return items;
  }

  Value shuffled(Map map) {
    std::vector<std::pair<std::string, Value>> entries(map.begin(), map.end());
    std::shuffle(entries.begin(), entries.end(), random_);
    Map result;
    for (auto& [key, value] : entries)
      result.set(key, std::move(value));
    return result;
  }

  void concurrency(Map& map) { may(map, "concurrency", {"0", "1", "12"}); }
  void weight(Map& map) { may(map, "weight", {"0", "-1", "1.5", "1e3"}); }

  void time_limit(Map& map) {
    may(map, "timeout", {R"("30s")", R"("500ms")", R"("1.5h")", R"("2d")", R"("90")", "90", "0.5"});
  }

  void placement(Map& map) {
    may(map, "target", {R"("worker-1")", R"("${{ inputs.a }}")"});
    may(map, "labels", {R"({})", R"({"gpu": "yes"})"});
    may(map, "platform", {R"("linux/amd64")"});
    may(map, "queueTimeout", {"0", "1.5", "600"});
  }

  void driver(Map& map) {
    switch (pick(8)) {
      case 0:
        map.set("driver", "raw");
        may(map, "driverConfig",
            {R"({})", R"({"env": {"A": "b"}, "workdir": "/tmp", "timeout": 500})",
             R"({"env": "${{ inputs.a }}", "timeout": "${{ 5 }}"})"});
        break;
      case 1:
        map.set("driver", "docker");
        may(map, "driverConfig",
            {R"({"image": "alpine"})",
             R"({"image": "${{ inputs.a }}", "bundleImage": "deno", "command": "podman", "timeout": 1.5,
                 "network": "host", "memory": "1g", "cpus": 2, "volumes": ["a:b"], "env": {"A": "b"}})",
             R"({"extraArgs": ["-q"], "mode": "session", "user": 1000, "pull": "always", "workdir": "/src",
                 "entrypoint": "image", "workspaceMount": "bind"})",
             R"({"mode": "${{ inputs.a }}", "entrypoint": ["tini", "--"], "memory": 512, "workspaceMount": "auto",
                 "volumes": "${{ inputs.v }}"})"});
        break;
      case 2:
        map.set("driver", "mine");
        may(map, "driverConfig", {R"({"anything": [1]})"});
        break;
      case 3:
        map.set("driverConfig", Map{{"image", "alpine"}, {"env", Map{}}});
        map.erase("driver");
        break;
      default:
        break;
    }
  }

  Value job() {
    Map map{{"name", any({"build", "test it", "a/b", "1"})}};
    may(map, "description", {R"("")", R"("d")"});
    map.set("steps", list(1, 3, [&] { return step(); }));
    may_have(map, "dependsOn", [&] { return list(0, 2, [&] { return dependency("job"); }); });
    weight(map);
    concurrency(map);
    may(map, "failFast", {"true", "false"});
    time_limit(map);
    driver(map);
    may(map, "affinity", {"true", "false"});
    placement(map);
    return shuffled(std::move(map));
  }

  Value dependency(std::string_view upstream) {
    return shuffled(Map{{std::string(upstream), any({"build", "each-${{ self.n }}"})},
                        {"condition", condition(2)}});
  }

  Value condition(int depth) {
    const auto kind = pick(depth == 0 ? 5 : 8);
    constexpr std::string_view kPlain[] = {"always", "succeeded", "failed", "completed", "skipped"};
    if (kind < 5) return Map{{"type", kPlain[kind]}};
    if (kind == 5) return Map{{"type", "not"}, {"condition", condition(depth - 1)}};
    return Map{{"type", kind == 6 ? "and" : "or"},
               {"conditions", list(2, 3, [&] { return condition(depth - 1); })}};
  }

  Value step() {
    Map map{{"name", any({"s", "each-${{ self.n }}"})}, {"task", task()}};
    may(map, "description", {R"("d")"});
    may(map, "forEach",
        {R"({"item": "n", "in": "${{ inputs.list }}"})",
         R"({"item": "n", "in": "${{ [{}] }}\n"})"});
    may_have(map, "dependsOn", [&] { return list(0, 2, [&] { return dependency("step"); }); });
    weight(map);
    concurrency(map);
    may(map, "allowFailure", {"true", "false"});
    may(map, "guard", {R"("${{ inputs.dry }}")"});
    may(map, "dataOutputOverrides",
        {R"([])", R"([{"specName": "r"}])",
         R"([{"specName": "r", "lifetime": "30d", "garbageCollection": 3, "tags": {"a": "b"}}])",
         R"([{"specName": "r", "lifetime": "job", "garbageCollection": "2w", "vary": ["a"], "vaultName": "v"}])"});
    may(map, "retry",
        {R"({})", R"({"attempts": 3})", R"({"delay": 0, "backoff": 1.5, "maxDelay": "10s"})",
         R"({"attempts": 1, "delay": "500ms", "on": ["timeout"]})"});
    time_limit(map);
    driver(map);
    may(map, "outputs",
        {R"([])", R"([{"path": "dist"}])",
         R"([{"path": "dist-${{ inputs.a }}", "makeAvailableTo": ["b", "j/s"]}])"});
    may(map, "caches",
        {R"([{"path": "~/.npm", "key": "k"}])",
         R"([{"path": "p", "key": "${{ hashFiles('lock') }}", "restoreKeys": ["k-"]}])"});
    placement(map);
    return shuffled(std::move(map));
  }

  Value task() {
    switch (pick(5)) {
      case 0:
        return call(Map{{"type", "model_method"}, {"modelIdOrName", "greeter"}});
      case 1: {
        Map map{{"type", "model_method"}, {"modelType", "command/shell"}};
        may(map, "modelName", {R"("hut")", R"("${{ inputs.a }}")"});
        may(map, "globalArgs", {R"({})", R"({"a": {"b": [1, null]}})", R"("${{ inputs.g }}")"});
        return call(std::move(map));
      }
      case 2: {
        Map map{{"type", "workflow"}, {"workflowIdOrName", "child"}};
        may(map, "inputs", {R"({"a": 1})", R"("${{ inputs.g }}")"});
        return shuffled(std::move(map));
      }
      case 3: {
        Map map{{"type", "manual_approval"}, {"prompt", "go on with ${{ inputs.a }}?"}};
        may(map, "timeout", {"1", "0.5", "3600"});
        return shuffled(std::move(map));
      }
      default: {
        Map map{{"type", "assert"}, {"expr", "inputs.a == 1"}, {"message", "m"}};
        may(map, "severity", {R"("low")", R"("medium")", R"("high")"});
        return shuffled(std::move(map));
      }
    }
  }

  Value call(Map map) {
    map.set("methodName", any({"execute", "${{ inputs.m }}"}));
    may(map, "inputs", {R"({})", R"({"run": "echo"})", R"("${{ inputs.g }}")"});
    return shuffled(std::move(map));
  }

  std::mt19937 random_;
};

}  // namespace swamp::spec::test
