// Allocations that are never given back, of known count and size by known chains of calls, for a kernel with
// the allocation tracker: 40 of 5000 bytes by leak_many, 7 of 33000 bytes by leak_large, 25 of 1230 bytes by
// leak_from_two from each of two callers. What release_all allocates is given back.
#include "threads.hpp"

static void *volatile kept[256];
static int count;
static volatile bool done;

extern "C" {

[[gnu::noinline]] void keep(void *memory) { kept[count++ % 256] = memory; }

[[gnu::noinline]] void leak_many()
{
    for (int i = 0; i < 40; i++)
        keep(std::malloc(5000));
}

[[gnu::noinline]] void leak_large()
{
    for (int i = 0; i < 7; i++)
        keep(std::malloc(33000));
}

[[gnu::noinline]] void leak_from_two()
{
    for (int i = 0; i < 25; i++)
        keep(std::malloc(1230));
}

[[gnu::noinline]] void first_caller()
{
    leak_from_two();
    keep(nullptr);
}

[[gnu::noinline]] void second_caller()
{
    leak_from_two();
    keep(nullptr);
}

[[gnu::noinline]] void release_all()
{
    void *memory[50];
    for (void *&one : memory)
        one = std::malloc(7770);

    for (void *one : memory)
        std::free(one);
}

void *leak(void *)
{
    leak_many();
    leak_large();
    first_caller();
    second_caller();
    release_all();
    done = true;
    for (;;)
        pause_for(1000 * 1000L);
}
}

int main()
{
    start("leaker", leak);
    while (!done)
        pause_for(10);

    pause_for(1000);
    stay();
}
