#pragma once

#include <set>
#include <string>
#include <vector>

#include <sys/types.h>

namespace swamp::driver {

/// Which of our children we started ourselves. All others were adopted: descendants of a leader whose parents are
/// gone, which come to us because we are a child subreaper.
class Leaders {
 public:
  void add(pid_t leader) { leaders_.insert(leader); }
  void remove(pid_t leader) { leaders_.erase(leader); }

  /// The adopted children that live, or are dead and not yet reaped.
  std::vector<pid_t> adopted() const;

  /// Reaps the adopted children that are dead.
  void reap_adopted() const;

  const std::set<pid_t>& all() const { return leaders_; }

 private:
  std::set<pid_t> leaders_;
};

/// Whether the process is of this group, or carries both marks in the environment it was started with.
bool belongs_to(pid_t process, pid_t group, const std::string& run_mark, const std::string& step_mark);

}  // namespace swamp::driver
