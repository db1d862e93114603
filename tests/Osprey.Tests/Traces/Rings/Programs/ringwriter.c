// Writes numbered samples to rings in its own memory, as the OSv kernel's tracepoints do, written from the layout alone.
// Each thread stands for a CPU and has a ring of its own.
//
//   ringwriter THREADS RINGSIZE MODE
//
// It prints where its tracepoints and rings are, and then obeys commands on standard input, a line each:
//
//   write COUNT RATE   each thread writes so many more samples, so many a second (0: as fast as it can); prints "done"
//   begin              thread 0 begins a sample and leaves it unfinished; prints "done"
//   end                thread 0 finishes that sample; prints "done"
//
// The first argument of every sample is its number, from 0 on for each thread. In mode "same" all samples are of one size.
// In mode "mixed" the number tells tracepoint and size: see write_sample.
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { page_size = 4096, backtrace_length = 10 };

struct tracepoint { const char *name, *format, *sig; };
struct trace_record {
    _Atomic(struct tracepoint *) tp;
    void *thread;
    char thread_name[16];
    uint64_t time;
    uint32_t cpu;
    uint32_t flags;
    char rest[];
};
struct trace_buf { void *deleter; char *base; _Atomic size_t last; size_t size; };

static struct tracepoint number = {"number", "%lu", "Q"};
static struct tracepoint text = {"text", "%lu %s %d", "Qpi"};
static struct tracepoint blob = {"blob", "%lu %s", "Q*"};

static struct trace_buf *bufs;
static unsigned thread_count;
static int is_mixed;
static uint64_t *written;
static uint64_t to_write, rate;
static struct trace_record *unfinished;
static struct tracepoint *unfinished_tp;
static pthread_barrier_t barrier;

static uint64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static struct trace_record *allocate(struct trace_buf *buf, size_t size)
{
    size = (size + 7) & ~(size_t)7;
    size_t p = atomic_load_explicit(&buf->last, memory_order_relaxed);
    size_t end = p + size;
    if ((p & ~(size_t)(page_size - 1)) != ((end - 1) & ~(size_t)(page_size - 1)))
        end = ((p + page_size - 1) & ~(size_t)(page_size - 1)) + size;

    struct trace_record *padding = (void *)&buf->base[p & (buf->size - 1)];
    struct trace_record *record = (void *)&buf->base[(end - size) & (buf->size - 1)];
    atomic_store_explicit(&record->tp, (void *)-1, memory_order_relaxed);
    if (padding != record)
        atomic_store_explicit(&padding->tp, NULL, memory_order_relaxed);

    atomic_store_explicit(&buf->last, end, memory_order_release);
    return record;
}

static struct tracepoint *begin_sample(unsigned cpu, struct trace_record **record)
{
    uint64_t n = written[cpu];
    struct tracepoint *tp = is_mixed ? n % 3 == 0 ? &number : n % 3 == 1 ? &text : &blob : &number;
    int stacks = is_mixed && n % 5 == 0;
    size_t blob_size = n % 101;
    size_t payload = tp == &number ? 8 : tp == &text ? 8 + 50 + 2 + 4 : 8 + 2 + blob_size;
    struct trace_record *r = *record =
        allocate(&bufs[cpu], sizeof *r + (stacks ? backtrace_length * sizeof(void *) : 0) + payload);
    r->thread = &written[cpu];
    memset(r->thread_name, 0, sizeof r->thread_name);
    snprintf(r->thread_name, sizeof r->thread_name, "writer %u", cpu);
    r->time = now();
    r->cpu = cpu;
    r->flags = 0xabcdef00u | (stacks ? 1 : 0);
    char *at = r->rest;
    if (stacks) {
        for (uint64_t i = 0; i < backtrace_length; i++) {
            uint64_t address = i < 1 + n % 10 ? 0x1000 * (n % 7 + 1) + i : 0;
            memcpy(at, &address, 8);
            at += 8;
        }
    }

    memcpy(at, &n, 8);
    if (tp == &text) {
        char words[50];
        int length = snprintf(words, sizeof words, "sample %llu", (unsigned long long)n);
        at[8] = (char)length;
        memcpy(at + 9, words, length);
        int32_t negative = (int32_t)-(int64_t)(n % 1000);
        memcpy(at + 60, &negative, 4);
    } else if (tp == &blob) {
        uint16_t length = (uint16_t)blob_size;
        memcpy(at + 8, &length, 2);
        memset(at + 10, (int)(n & 0xff), blob_size);
    }

    return tp;
}

static void write_sample(unsigned cpu)
{
    struct trace_record *record;
    struct tracepoint *tp = begin_sample(cpu, &record);
    atomic_store_explicit(&record->tp, tp, memory_order_release);
    written[cpu]++;
}

static void *run(void *argument)
{
    unsigned cpu = (unsigned)(uintptr_t)argument;
    for (;;) {
        pthread_barrier_wait(&barrier);
        uint64_t start = now();
        for (uint64_t i = 0; i < to_write; i++) {
            // A burst each millisecond, as far as the clock allows.
            while (rate && i > (now() - start) * rate / 1000000000) {
                struct timespec pause = {0, 1000000};
                nanosleep(&pause, NULL);
            }

            write_sample(cpu);
        }

        pthread_barrier_wait(&barrier);
    }

    return NULL;
}

static void done(void)
{
    puts("done");
    fflush(stdout);
}

int main(int argc, char **argv)
{
    if (argc != 4)
        return 2;

    thread_count = (unsigned)atoi(argv[1]);
    size_t size = strtoul(argv[2], NULL, 0);
    is_mixed = strcmp(argv[3], "mixed") == 0;
    bufs = calloc(thread_count, sizeof *bufs);
    written = calloc(thread_count, sizeof *written);
    pthread_barrier_init(&barrier, NULL, thread_count + 1);
    struct tracepoint *points[] = {&number, &text, &blob};
    for (int i = 0; i < 3; i++)
        printf("tracepoint %p %s %s %s\n", (void *)points[i], points[i]->name, points[i]->sig, points[i]->format);

    for (unsigned i = 0; i < thread_count; i++) {
        bufs[i].base = aligned_alloc(page_size, size);
        bufs[i].size = size;
        memset(bufs[i].base, 0, size);
        printf("ring %u %p %zu %p %zu\n", i, (void *)&bufs[i], sizeof bufs[i], (void *)bufs[i].base, size);
    }

    for (unsigned i = 0; i < thread_count; i++) {
        pthread_t thread;
        pthread_create(&thread, NULL, run, (void *)(uintptr_t)i);
    }

    done();
    char line[100];
    while (fgets(line, sizeof line, stdin)) {
        unsigned long long count, per_second;
        if (sscanf(line, "write %llu %llu", &count, &per_second) == 2) {
            to_write = count;
            rate = per_second;
            pthread_barrier_wait(&barrier);
            pthread_barrier_wait(&barrier);
        } else if (strncmp(line, "begin", 5) == 0) {
            unfinished_tp = begin_sample(0, &unfinished);
        } else if (strncmp(line, "end", 3) == 0) {
            atomic_store_explicit(&unfinished->tp, unfinished_tp, memory_order_release);
            written[0]++;
        }

        done();
    }

    _Exit(0);
}
