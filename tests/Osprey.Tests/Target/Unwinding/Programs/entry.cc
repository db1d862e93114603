// Parameters that only the caller still knows, and a chain of inlined calls.
#include <stdlib.h>

extern "C" __attribute__((noinline)) void stop_here()
{
    asm volatile("nop" ::: "memory");
}

volatile int sink;

extern "C" __attribute__((noinline)) void leaf(int first, long second, int third)
{
    sink = first + static_cast<int>(second) + third;
    stop_here();
    sink = 2;
}

static inline __attribute__((always_inline)) void inner(int x)
{
    leaf(42, x * 2L, 7);
    sink = x;
}

static inline __attribute__((always_inline)) void outer(int x)
{
    inner(x + 1);
    sink = x + 1;
}

extern "C" __attribute__((noinline)) int middle(int x)
{
    asm volatile("" : "+r"(x));
    outer(x);
    return x + sink;
}

int main(int argc, char **argv)
{
    sink = middle(argc * 100);
    (*(void (*volatile *)(int, long, int))(new auto(&leaf)))(1, 2, 3);
    return argv[0] == nullptr;
}
