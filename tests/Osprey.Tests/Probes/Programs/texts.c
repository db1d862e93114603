/* Probes whose texts have a length of their own, whose numbers are none of addresses, and whose sites call their
 * argument by different names. */
#include <stdio.h>
#include "sdt.h"

static __attribute__((noinline)) void slice(const char *text, long length)
{
    SDT("x", "slice", "8@%0 -8@%1", "r"(text), "r"(length));
}

static __attribute__((noinline)) void number(long value)
{
    SDT("x", "number", "-8@%0", "r"(value));
}

static __attribute__((noinline)) void one(long first)
{
    SDT("x", "place", "-8@%0", "r"(first));
}

static __attribute__((noinline)) void two(long second)
{
    SDT("x", "place", "-8@%0", "r"(second));
}

static __attribute__((noinline)) void three(long first)
{
    SDT("x", "place", "-8@%0", "r"(first));
}

int main(void)
{
    char line[64];
    setvbuf(stdout, NULL, _IOLBF, 0);
    puts("ready");
    while (fgets(line, sizeof line, stdin)) {
        const char *request = "GET /index HTTP/1.1";
        slice(request, 3);
        slice(request + 4, 6);
        slice(request + 11, 100);
        number(-70); /* what the kernel's uprobes take for the program's name */
        number(70);
        one(1);
        two(2);
        three(3);
        puts("done");
    }
}
