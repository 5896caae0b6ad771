// A heap that the kernel maps in steps, not page by page. A page that is touched first costs a
// fault, many times what mapping it along with its neighbours costs; on a virtual machine faults
// take a tenth of the time of a short command, and of a run of thousands of steps.
//
// Memory comes from malloc as ever; whoever is given some near the end of what is mapped has the
// next step mapped. So the heap must lie in one piece that only grows, and threads share it: a heap
// of its own costs each of them half a millisecond. Only where the heap is large before the first
// thread starts do threads get heaps of their own: a run of thousands of steps would spend a tenth
// of its time waiting for the lock.
#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <malloc.h>
#include <new>
#include <sys/mman.h>
#include <unistd.h>

namespace {

using Address = std::uintptr_t;

constexpr Address kPage = 4096;
constexpr Address kLeastStep = Address{128} << 10;
constexpr Address kLargestStep = Address{4} << 20;
constexpr Address kShareOfStep = 8;  // a step is at most this part of the heap: memory, too, counts
constexpr int kGrowth = 1 << 20;     // address space costs nothing until it is mapped
constexpr int kLargestInHeap = 32 << 20;  // the most that glibc takes
constexpr Address kLargeHeap = Address{2} << 20;
constexpr int kHeapsOfThreads = 16;

/// How far the heap is mapped. Threads that meet here at once map the same pages, which does no
/// harm.
struct Mapped {
  std::atomic<Address> upto{0};
  Address heap_start = 0;

  void begin(Address first) {
    ::mallopt(M_ARENA_MAX, 1);
    ::mallopt(M_TOP_PAD, kGrowth);
    ::mallopt(M_TRIM_THRESHOLD, -1);
    ::mallopt(M_MMAP_THRESHOLD, kLargestInHeap);
    heap_start = first & ~(kPage - 1);
    upto = heap_start;
  }

  /// Sees to it that memory up to `end`, which lies in the heap, and a step beyond it are mapped.
  void reach(Address end) {
    if (heap_start == 0) begin(end);
    const auto heap_end = reinterpret_cast<Address>(::sbrk(0));
    if (end > heap_end) return;  // of another thread, or too large for the heap
    const Address from = upto;
    const Address step = std::clamp((from - heap_start) / kShareOfStep, kLeastStep, kLargestStep);
    const Address wanted = std::max(from, std::min(end, from + kLargestStep)) + step;
    const Address to = std::min<Address>(heap_end, wanted) & ~(kPage - 1);
    if (to <= from) return;
    // Where the kernel cannot (before Linux 5.14), pages are mapped one by one.
    auto* const first = reinterpret_cast<void*>(from);  // NOLINT(performance-no-int-to-ptr)
    ::madvise(first, to - from, MADV_POPULATE_WRITE);
    upto = to;
    const Address large = heap_start + kLargeHeap;
    if (from <= large && to > large) ::mallopt(M_ARENA_MAX, kHeapsOfThreads);
  }
};

Mapped mapped;

}  // namespace

void* operator new(std::size_t size) {
  void* const memory = std::malloc(size);
  if (memory == nullptr) throw std::bad_alloc();
  const auto end = reinterpret_cast<Address>(memory) + size;
  if (end > mapped.upto.load(std::memory_order_relaxed)) mapped.reach(end);
  return memory;
}

void operator delete(void* memory) noexcept {
  std::free(memory);
}

void operator delete(void* memory, std::size_t /*size*/) noexcept {
  std::free(memory);
}
