// Two threads that wait for each other for ever, by two mutexes, and one more that waits for one of the two.
#include "threads.hpp"

static pthread_mutex_t left = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t right = PTHREAD_MUTEX_INITIALIZER;
static volatile bool left_held, right_held;

extern "C" {

void *left_then_right(void *)
{
    pthread_mutex_lock(&left);
    meet(left_held, right_held);
    pthread_mutex_lock(&right);
    return nullptr;
}

void *right_then_left(void *)
{
    pthread_mutex_lock(&right);
    meet(right_held, left_held);
    pthread_mutex_lock(&left);
    return nullptr;
}

void *left_only(void *)
{
    while (!left_held)
        pause_for(1);

    pthread_mutex_lock(&left);
    return nullptr;
}
}

int main()
{
    start("dead-left", left_then_right);
    start("dead-right", right_then_left);
    start("bystander", left_only);
    pause_for(3000);
    stay();
}
