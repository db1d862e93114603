/* Probes with operands of all kinds. Before each it prints the line that a tracer ought to print; each line of input
 * makes one round, the end of input ends it. */
#include <stdio.h>
#include <stdint.h>
#include <string.h>
#include <pthread.h>
#include "sdt.h"

SDT_SEMAPHORE(guarded_semaphore);

int64_t table[8] = {10, -20, 30, -40, 50, -60, 70, -80};
int32_t counter = -123456;
const char *text = "a text; with \"quotes\"";

static __attribute__((noinline)) void registers(uint64_t a, int32_t b, uint16_t c, int8_t d)
{
    printf("t:registers(arg1=%lu, arg2=%d, arg3=%u, arg4=%d)\n", a, b, c, d);
    SDT("t", "registers", "8@%0 -4@%k1 2@%w2 -1@%b3", "r"(a), "r"(b), "r"(c), "q"(d));
}

static __attribute__((noinline)) void high(uint32_t value)
{
    printf("t:high(arg1=%u)\n", (value >> 8) & 255);
    SDT("t", "high", "1@%h0", "Q"(value));
}

static __attribute__((noinline)) void memory(volatile int32_t near, volatile int64_t far, long index)
{
    printf("t:memory(arg1=%d, arg2=%ld, arg3=%ld, arg4=%d)\n", near, far, table[index], (int)(table[2]));
    SDT("t", "memory", "-4@%0 -8@%1 -8@(%2,%3,8) -4@16(%2)", "m"(near), "m"(far), "r"(table), "r"(index));
}

static __attribute__((noinline)) void symbols(void)
{
    printf("t:symbols(arg1=%d, arg2=%ld, arg3=5, arg4=-7)\n", counter, table[3]);
    SDT("t", "symbols", "-4@counter(%%rip) -8@24+table(%%rip) 4@$5 -4@$-7", "r"(0));
}

static __attribute__((noinline)) void floats(double a, float b)
{
    volatile double kept = a * 2;
    printf("t:floats(arg1=%.17g, arg2=%.9g, arg3=%.17g)\n", a, b, kept);
    SDT("t", "floats", "8f@%0 4f@%1 8f@%2", "x"(a), "x"(b), "m"(kept));
}

static __attribute__((noinline)) void segment(void)
{
    /* The first word of a thread's control block is its own address. */
    printf("t:segment(arg1=%lu)\n", (unsigned long)pthread_self());
    SDT("t", "segment", "8@%%fs:0", "r"(0));
}

static __attribute__((noinline)) void strings(const char *known, char *unknown)
{
    printf("t:strings(arg1.text=%s, arg2.text=%s, arg3.text=%s)\n", known, unknown, text);
    SDT("t", "strings", "8@%0 8@%1 8@text(%%rip)", "r"(known), "r"(unknown));
}

/* No size in front, as old files have it. */
static __attribute__((noinline)) void old(unsigned long value)
{
    printf("t:old(arg1=%lu)\n", value);
    SDT("t", "old", "%0", "r"(value));
}

static __attribute__((noinline)) void guarded(int value)
{
    if (SDT_ENABLED(guarded_semaphore)) {
        printf("t:guarded(arg1=%d)\n", value);
        SDT_GUARDED("t", "guarded", guarded_semaphore, "-4@%k0", "r"(value));
    }
}

static inline __attribute__((always_inline)) void many(int value)
{
    printf("t:many(arg1=%d)\n", value);
    SDT("t", "many", "-4@%k0", "rm"(value));
}

static void *other(void *value)
{
    many((int)(long)value);
    return value;
}

int main(void)
{
    char line[64];
    setvbuf(stdout, NULL, _IOLBF, 0);
    printf("ready\n");
    for (int round = 1; fgets(line, sizeof line, stdin); round++) {
        char buffer[32];
        snprintf(buffer, sizeof buffer, "round %d", round);
        registers(round * 3ul, -round, 65535, -128);
        high(0x12345678);
        memory(-round, round * 1000000007l, 5);
        symbols();
        floats(0.1 * round, 1.5f);
        segment();
        strings("plain", buffer);
        old(round);
        guarded(-round);
        many(round);
        many(round + 1);
        many(-round);
        pthread_t thread;
        pthread_create(&thread, NULL, other, (void *)(long)(round * 10));
        pthread_join(thread, NULL);
        SDT0("t", "end");
        printf("semaphore %d\n", guarded_semaphore);
        printf("done\n");
    }

    return 0;
}
