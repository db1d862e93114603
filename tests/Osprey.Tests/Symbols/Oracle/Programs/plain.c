/* A unit of C: names are not mangled, and "unlikely" parts move away from their function. */
#include <stdio.h>
#include <stdlib.h>

static int table[64];

static __attribute__((noinline)) int lookup(int index)
{
    if (__builtin_expect(index < 0 || index >= 64, 0)) {
        fprintf(stderr, "index %d\n", index);
        abort();
    }
    return table[index];
}

static inline int twice(int value)
{
    return lookup(value) + lookup(value / 2);
}

int plain_sum(int count)
{
    int sum = 0;
    for (int i = 0; i < count; i++) {
        table[i & 63] = i;
        sum += twice(i & 63);
    }
    return sum;
}

int plain_total(int count) __attribute__((alias("plain_sum")));
