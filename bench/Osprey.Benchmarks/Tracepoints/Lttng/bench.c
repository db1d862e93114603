/* The loop of the other benchmarks, with a tracepoint of LTTng: bench THREADS COUNT.
   Prints the nanoseconds of processor time of a turn, the best of five. */
#define LTTNG_UST_TRACEPOINT_CREATE_PROBES
#define LTTNG_UST_TRACEPOINT_DEFINE
#include "hit.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static long count;

static void *run(void *unused)
{
    unsigned sum = 0;
    for (long i = 0; i < count; i++) {
        sum += (unsigned)i ^ sum;
        lttng_ust_tracepoint(osprey_bench, hit, (int)i, (int)sum);
    }
    return (void *)(size_t)sum;
}

static double used(void)
{
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return time.tv_sec * 1e9 + time.tv_nsec;
}

int main(int argc, char **argv)
{
    int threads = argc > 1 ? atoi(argv[1]) : 1;
    count = argc > 2 ? atol(argv[2]) : 100000;
    if (threads < 1 || threads > 64 || count < 1)
        return 2;
    double best = 1e300;
    for (int round = 0; round < 5; round++) {
        pthread_t ids[64];
        double before = used();
        for (int i = 0; i < threads; i++)
            if (pthread_create(&ids[i], NULL, run, NULL) != 0)
                return 1;
        for (int i = 0; i < threads; i++)
            pthread_join(ids[i], NULL);
        double each = (used() - before) / ((double)count * threads);
        if (each < best)
            best = each;
    }
    printf("%.1f\n", best);
    return 0;
}
