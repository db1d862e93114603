// "many N": N threads that sleep. "many churn": four threads that start others and join them, all the time; each
// of those is called short-I-J, by the thread that starts it and a count.
#include "threads.hpp"

#include <cstring>

static const size_t small_stack = 32 * 1024;

extern "C" {

void *sleep_long(void *)
{
    for (;;)
        pause_for(1000 * 1000L);
}

void *live_shortly(void *argument)
{
    pause_for(reinterpret_cast<long>(argument));
    return nullptr;
}

void *churn(void *argument)
{
    long self = reinterpret_cast<long>(argument);
    char name[16];
    for (long i = 0;; i++) {
        pthread_t threads[4];
        for (int j = 0; j < 4; j++) {
            std::snprintf(name, sizeof name, "short-%ld-%ld", self, (i * 4 + j) % 100000);
            threads[j] = start(name, live_shortly, reinterpret_cast<void *>(1 + (i + j) % 30), small_stack);
        }

        for (pthread_t thread : threads)
            pthread_join(thread, nullptr);
    }
}
}

int main(int count, char **arguments)
{
    char name[16];
    if (count == 2 && std::strcmp(arguments[1], "churn") == 0) {
        for (long i = 0; i < 4; i++) {
            std::snprintf(name, sizeof name, "churn-%ld", i);
            start(name, churn, reinterpret_cast<void *>(i));
        }
    } else {
        long threads = count == 2 ? std::atol(arguments[1]) : 100;
        for (long i = 0; i < threads; i++) {
            std::snprintf(name, sizeof name, "many-%ld", i);
            start(name, sleep_long, nullptr, small_stack);
        }
    }

    stay();
}
