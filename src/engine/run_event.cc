#include "engine/run_event.h"

namespace swamp::engine {

std::string_view to_string(NodeStatus status) {
  switch (status) {
    case NodeStatus::pending:
      return "pending";
    case NodeStatus::running:
      return "running";
    case NodeStatus::waiting_approval:
      return "waiting_approval";
    case NodeStatus::succeeded:
      return "succeeded";
    case NodeStatus::failed:
      return "failed";
    case NodeStatus::skipped:
      return "skipped";
  }
  return "pending";
}

std::string_view to_string(RunStatus status) {
  switch (status) {
    case RunStatus::pending:
      return "pending";
    case RunStatus::running:
      return "running";
    case RunStatus::suspended:
      return "suspended";
    case RunStatus::succeeded:
      return "succeeded";
    case RunStatus::failed:
      return "failed";
    case RunStatus::cancelled:
      return "cancelled";
  }
  return "pending";
}

}  // namespace swamp::engine
