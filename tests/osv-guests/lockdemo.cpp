// Threads in every kind of wait: four fight for a mutex, two hold what the other one wants, one is joined,
// one waits for a condition variable, one for a time.
#include "threads.hpp"

static pthread_mutex_t contended = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t never = PTHREAD_COND_INITIALIZER;
static volatile bool first_held, second_held;
static pthread_t joined;

extern "C" {

void *contend(void *)
{
    for (;;) {
        pthread_mutex_lock(&contended);
        pause_for(20);
        pthread_mutex_unlock(&contended);
    }
}

void *dead_0(void *)
{
    pthread_mutex_lock(&first);
    meet(first_held, second_held);
    pthread_mutex_lock(&second);
    return nullptr;
}

void *dead_1(void *)
{
    pthread_mutex_lock(&second);
    meet(second_held, first_held);
    pthread_mutex_lock(&first);
    return nullptr;
}

void *wait_for_condition(void *)
{
    pthread_mutex_lock(&guard);
    for (;;)
        pthread_cond_wait(&never, &guard);
}

void *sleep_long(void *)
{
    for (;;)
        pause_for(1000 * 1000L);
}

void *tick(void *)
{
    for (;;)
        pause_for(7);
}

void *join_other(void *)
{
    pthread_join(joined, nullptr);
    return nullptr;
}
}

int main()
{
    char name[16];
    for (int i = 0; i < 4; i++) {
        std::snprintf(name, sizeof name, "contend-%d", i);
        start(name, contend);
    }

    start("dead-0", dead_0);
    start("dead-1", dead_1);
    joined = start("joined", sleep_long);
    start("joiner", join_other);
    start("condition", wait_for_condition);
    start("ticker", tick);
    pause_for(3000);
    stay();
}
