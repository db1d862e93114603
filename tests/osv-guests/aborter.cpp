// A thread calls abort() in a library, while others sleep and one keeps a vCPU busy.
#include "breaker.hpp"
#include "threads.hpp"

extern "C" {

void *break_it(void *)
{
    pause_for(500);
    breaker::Machine machine;
    machine.run();
    return nullptr;
}

void *be_busy(void *)
{
    for (volatile unsigned i = 0;; i = i + 1) {
    }
}

void *sleep_long(void *)
{
    for (;;)
        pause_for(1000 * 1000L);
}
}

int main()
{
    start("sleeper", sleep_long);
    start("busy", be_busy);
    start("breaker", break_it);
    stay();
}
