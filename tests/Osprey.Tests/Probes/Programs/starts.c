/* Starts threads all the time, each of which comes by a probe and ends. A round prints how many there were so far. */
#include <pthread.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>
#include "sdt.h"

static void *run(void *value)
{
    SDT("s", "thread", "8@%0", "r"(value));
    return value;
}

int main(void)
{
    char line[64];
    struct pollfd input = {.fd = 0, .events = POLLIN};
    long count = 0;
    setvbuf(stdin, NULL, _IONBF, 0);
    setvbuf(stdout, NULL, _IOLBF, 0);
    puts("ready");
    while (1) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, run, (void *)count) == 0)
            pthread_join(thread, NULL);

        count++;
        if (poll(&input, 1, 0) > 0) {
            if (!fgets(line, sizeof line, stdin))
                return 0;

            printf("threads %ld\ndone\n", count);
        }
    }
}
