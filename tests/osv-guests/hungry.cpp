// Three threads that wait for memory: each wants more in one piece than is free, and the one who could free some, our
// shrinker, keeps OSv's reclaimer thread. Called with any argument it lets go after a while: the guest is out of memory.
#include "threads.hpp"

#include <cstdint>

extern "C" void *alloc_contiguous_aligned(size_t size, size_t alignment);
extern "C" void *osv_register_shrinker(const char *name, size_t (*free_some)(size_t target, bool hard));
namespace memory::stats {
size_t total();
}

static bool lets_go;

static size_t free_some(size_t, bool)
{
    if (!lets_go)
        stay();

    pause_for(3000);
    return 0;
}

extern "C" void *want_tenths(void *count)
{
    return alloc_contiguous_aligned(memory::stats::total() / 10 * (uintptr_t)count, 4096);
}

int main(int argc, char **)
{
    lets_go = argc > 1;
    want_tenths((void *)4);
    osv_register_shrinker("holder", free_some);
    start("hungry-7", want_tenths, (void *)7);
    start("hungry-8", want_tenths, (void *)8);
    start("hungry-9", want_tenths, (void *)9);
    for (;;)
        pause_for(3600 * 1000L);
}
