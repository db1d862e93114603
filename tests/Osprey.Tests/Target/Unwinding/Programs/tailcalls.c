// Functions that end in a jump to the next one, so that their frames are gone when stop_here runs.
#include <string.h>

#define SEPARATE __attribute__((noinline))

volatile int choice;
void (*volatile pointer)(int);

SEPARATE void stop_here(void) { __asm__ volatile("" ::: "memory"); }

// The end of each way: a call that is no jump.
SEPARATE void last(int number)
{
    stop_here();
    choice = number;
}

void other_file(int number);

// One way.
SEPARATE void third(int number) { last(number + 3); }
SEPARATE void second(int number) { third(number + 2); }
SEPARATE void first(int number) { second(number + 1); }

// The jump is in a function that was inlined.
static inline __attribute__((always_inline)) void inlined(int number) { second(number * 5); }
SEPARATE void around(int number) { inlined(number + 7); }

// Two ways that share their end.
SEPARATE void left(int number) { third(number + 20); }
SEPARATE void right(int number) { third(number + 30); }
SEPARATE void split(int number)
{
    if (choice)
        left(number);
    else
        right(number);
}

// Two ways that share their beginning.
SEPARATE void to_split(int number) { split(number + 4); }

// Two ways that share nothing.
SEPARATE void short_way(int number) { last(number + 40); }
SEPARATE void long_way(int number) { last(number + 50); }
SEPARATE void apart(int number)
{
    if (choice)
        short_way(number);
    else
        long_way(number);
}

// A way that may go round.
SEPARATE void odd(int number);
SEPARATE void even(int number)
{
    if (number == 0)
        last(number);
    else
        odd(number - 1);
}
SEPARATE void odd(int number)
{
    if (number == 1)
        third(number);
    else
        even(number - 1);
}

// A jump that could lead anywhere.
SEPARATE void anywhere(int number) { pointer(number); }

// A caller that calls directly, and one through a pointer.
int main(int count, char **words)
{
    const char *mode = count > 1 ? words[1] : "";
    pointer = last;
    if (strcmp(mode, "one") == 0)
        first(count);
    else if (strcmp(mode, "inlined") == 0)
        around(count);
    else if (strcmp(mode, "end") == 0)
        split(count);
    else if (strcmp(mode, "beginning") == 0)
        to_split(count);
    else if (strcmp(mode, "apart") == 0)
        apart(count);
    else if (strcmp(mode, "round") == 0)
        even(6);
    else if (strcmp(mode, "pointer") == 0)
        anywhere(count);
    else if (strcmp(mode, "indirect") == 0)
        pointer(count);
    else if (strcmp(mode, "file") == 0)
        other_file(count);
    else
        last(count);
    choice = 2;
    return 0;
}
