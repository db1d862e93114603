// Stacks of all kinds; each ends in stop_here(), where a debugger takes over.
#include <alloca.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NOINLINE __attribute__((noinline))

extern "C" {
void cfa_expression(void (*callee)());
void cfa_interrupt(void (*callee)(), void *stack_top);
void cfa_value_expression(void (*callee)());
void cfa_registers(void (*callee)());
}

volatile int sink;

extern "C" NOINLINE void stop_here()
{
    asm volatile("nop" ::: "memory");
}

// Keeps the callee-saved registers busy, so that restoring them wrongly shows.
template <typename F>
NOINLINE int busy(int x, F f)
{
    int a = x * 3, b = x + 5, c = x ^ 0x55, d = x - 9, e = x * x;
    asm volatile("" : "+r"(a), "+r"(b), "+r"(c), "+r"(d), "+r"(e));
    f();
    asm volatile("" : "+r"(a), "+r"(b), "+r"(c), "+r"(d), "+r"(e));
    return a + b + c + d + e;
}

NOINLINE int recursion(int depth)
{
    if (depth == 0) {
        stop_here();
        return 1;
    }
    int local[4] = {depth, depth + 1, depth + 2, depth + 3};
    asm volatile("" :: "r"(local) : "memory");
    int below = busy(depth, [=] { sink += recursion(depth - 1); });
    return below + local[depth & 3];
}

static inline __attribute__((always_inline)) int inline3(int x)
{
    stop_here();
    return x + sink;
}

static inline __attribute__((always_inline)) int inline2(int x)
{
    return inline3(x * 2) + 1;
}

static inline __attribute__((always_inline)) int inline1(int x)
{
    return inline2(x + 3) * 3;
}

NOINLINE int inlining(int x)
{
    return busy(x, [=] { sink += inline1(x); }) + 1;
}

NOINLINE int dynamic_frame(int size)
{
    char *buffer = static_cast<char *>(alloca(size));
    memset(buffer, size, size);
    asm volatile("" :: "r"(buffer) : "memory");
    sink += busy(size, [] { stop_here(); });
    return buffer[size / 2];
}

NOINLINE int aligned_frame(int x)
{
    alignas(64) char buffer[256];
    memset(buffer, x, sizeof buffer);
    asm volatile("" :: "r"(buffer) : "memory");
    stop_here();
    return buffer[x] + sink;
}

[[noreturn]] NOINLINE void never_returns(int x)
{
    stop_here();
    exit(x);
}

// The call is the last instruction: the return address is in the next function.
NOINLINE void ends_with_call(int x)
{
    sink = x;
    never_returns(sink);
}

NOINLINE int tail_callee(int x)
{
    stop_here();
    return x + sink;
}

NOINLINE int tail_caller(int x)
{
    sink += x;
    return tail_callee(x + 1);
}

NOINLINE int tail(int x)
{
    return tail_caller(x) + 1;
}

int compare(const void *a, const void *b)
{
    static int count;
    if (count++ == 2)
        stop_here();
    return *static_cast<const int *>(a) - *static_cast<const int *>(b);
}

NOINLINE void callback()
{
    int items[] = {5, 3, 9, 1, 7};
    qsort(items, 5, sizeof items[0], compare);
    sink = items[0];
}

void on_signal(int)
{
    busy(4, [] { stop_here(); });
    _exit(0);
}

NOINLINE void faulting()
{
    busy(7, [] {
        volatile int *nowhere = nullptr;
        *nowhere = 1;
    });
}

NOINLINE void with_handler(bool alternate)
{
    static char stack[65536];
    stack_t description = {};
    description.ss_sp = stack;
    description.ss_size = sizeof stack;
    if (alternate)
        sigaltstack(&description, nullptr);
    struct sigaction action = {};
    action.sa_handler = on_signal;
    action.sa_flags = alternate ? SA_ONSTACK : 0;
    sigaction(SIGSEGV, &action, nullptr);
    faulting();
}

NOINLINE void call_null()
{
    void (*volatile nowhere)() = nullptr;
    busy(3, [&] { nowhere(); });
}

#ifdef NO_EXCEPTIONS
void catches()
{
}
#else
NOINLINE void throws(int x)
{
    struct Guard {
        ~Guard() { stop_here(); }
    } guard;
    if (x)
        throw x;
}

NOINLINE void catches()
{
    try {
        throws(static_cast<int>(getpid()));
    } catch (int x) {
        sink = x;
    }
}
#endif

int main(int argc, char **argv)
{
    const char *mode = argc > 1 ? argv[1] : "";
    alignas(16) static char other_stack[16384];
    if (!strcmp(mode, "recursion"))
        recursion(60);
    else if (!strcmp(mode, "inlining"))
        inlining(argc);
    else if (!strcmp(mode, "dynamic"))
        dynamic_frame(argc * 100);
    else if (!strcmp(mode, "aligned"))
        aligned_frame(argc);
    else if (!strcmp(mode, "noreturn"))
        ends_with_call(argc);
    else if (!strcmp(mode, "tail"))
        sink = tail(argc);
    else if (!strcmp(mode, "callback"))
        callback();
    else if (!strcmp(mode, "signal"))
        with_handler(false);
    else if (!strcmp(mode, "altstack"))
        with_handler(true);
    else if (!strcmp(mode, "unwinding"))
        catches();
    else if (!strcmp(mode, "null"))
        call_null();
    else if (!strcmp(mode, "expression"))
        cfa_expression(stop_here);
    else if (!strcmp(mode, "interrupt"))
        cfa_interrupt(stop_here, other_stack + sizeof other_stack);
    else if (!strcmp(mode, "value"))
        cfa_value_expression(stop_here);
    else if (!strcmp(mode, "registers"))
        cfa_registers(stop_here);
    printf("%d\n", sink);
    return 0;
}
