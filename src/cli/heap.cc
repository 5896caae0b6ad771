// A heap in huge pages that is mapped in steps. A page that is touched first costs a fault, many
// times what mapping it along with its neighbours costs: on a virtual machine ten microseconds and
// more, where its host has to find the memory. A third of the time of a short command went there,
// and as much of a run of thousands of steps.
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
#include <sys/resource.h>
#include <unistd.h>

namespace {

using Address = std::uintptr_t;

constexpr Address kPage = Address{4} << 10;
constexpr Address kHugePage = Address{2} << 20;
constexpr Address kLargeHeap = Address{2} << 20;
constexpr Address kLeastStep = Address{128} << 10;
constexpr Address kLargestStep = Address{4} << 20;
constexpr Address kShareOfStep = 8;  // a step is at most this part of the heap: memory, too, counts
constexpr int kLargestInHeap = 32 << 20;  // the most that glibc takes

// By how much malloc moves the end of the heap: address space costs nothing until it is mapped.
// Where it ends within a huge page, that page is mapped as small ones.
constexpr int kGrowth = 4 << 20;
constexpr int kGrowthWhenLarge = 32 << 20;
constexpr int kHeapsOfThreads = 16;

/// How far the heap is mapped. Threads that meet here at once map the same pages, which does no
/// harm.
struct Mapped {
  std::atomic<Address> upto{0};
  std::atomic<Address> huge_upto{0};  // as far as huge pages were asked for
  Address heap_start = 0;
  void* gap = nullptr;

  void begin() {
    ::mallopt(M_ARENA_MAX, 1);
    ::mallopt(M_TOP_PAD, kGrowth);
    ::mallopt(M_TRIM_THRESHOLD, -1);
    ::mallopt(M_MMAP_THRESHOLD, kLargestInHeap);
    heap_start = skip_to_huge_page();
    upto = heap_start;
  }

  /// Where the kernel lets the heap begin is no place for a huge page: what lies before the next
  /// one is taken and never touched. Gives the beginning of what will be.
  Address skip_to_huge_page() {
    constexpr Address kHeaders = 64;  // of malloc, around the gap
    void* const place = std::malloc(1);
    const auto here = reinterpret_cast<Address>(place);
    const Address boundary = (here + 2 * kHeaders + kHugePage) & ~(kHugePage - 1);
    gap = std::malloc(boundary - here - kHeaders);
    std::free(place);
    return boundary - kPage;
  }

  static void advise(Address from, Address to, int advice) {
    auto* const first = reinterpret_cast<void*>(from);  // NOLINT(performance-no-int-to-ptr)
    ::madvise(first, to - from, advice);
  }

  bool is_large(Address end) const { return end - heap_start >= kLargeHeap; }

  /// Sees to it that memory up to `end`, which lies in the heap, and a step beyond it are mapped.
  void reach(Address end) {
    if (heap_start == 0) begin();
    const auto heap_end = reinterpret_cast<Address>(::sbrk(0));
    if (end > heap_end) return;  // of another thread, or too large for the heap
    ask_for_huge_pages(heap_end);
    const Address from = upto;
    const Address page = is_large(from) ? kHugePage : kPage;
    const Address least = std::max(kLeastStep, page);
    const Address step = std::clamp((from - heap_start) / kShareOfStep, least, kLargestStep);
    const Address wanted = std::max(from, std::min(end, from + kLargestStep)) + step;
    const Address to = std::min<Address>(heap_end, wanted) & ~(page - 1);
    if (to > from) map(from, to);
  }

  /// For all that malloc has: it writes behind what it gives, where a small page would keep a huge
  /// one from being mapped.
  void ask_for_huge_pages(Address heap_end) {
    if (huge_upto == heap_end) return;
    advise(std::max<Address>(huge_upto, upto), heap_end, MADV_HUGEPAGE);
    huge_upto = heap_end;
  }

  void map(Address from, Address to) {
    // Where the kernel cannot (before Linux 5.14), pages are mapped one by one.
    advise(from, to, MADV_POPULATE_WRITE);
    upto = to;
    if (is_large(from) || !is_large(to) || is_address_space_limited()) return;
    ::mallopt(M_TOP_PAD, kGrowthWhenLarge);
    ::mallopt(M_ARENA_MAX, kHeapsOfThreads);
  }

  /// Then it does cost something: each heap of a thread takes 64 megabytes of it.
  static bool is_address_space_limited() {
    rlimit limit{};
    return ::getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
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
