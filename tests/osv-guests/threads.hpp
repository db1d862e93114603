// What the guests' programs share: threads with names, and a way to wait until a thread is where it shall be.
#pragma once

#include <pthread.h>
#include <time.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

/// Starts a thread with a name of at most 15 characters.
inline pthread_t start(const char *name, void *(*function)(void *), void *argument = nullptr, size_t stack = 0)
{
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    if (stack != 0)
        pthread_attr_setstacksize(&attributes, stack);

    pthread_t thread;
    if (pthread_create(&thread, &attributes, function, argument) != 0) {
        std::printf("can't start thread %s\n", name);
        std::exit(2);
    }

    pthread_attr_destroy(&attributes);
    pthread_setname_np(thread, name);
    return thread;
}

/// Sleeps for some milliseconds.
inline void pause_for(long milliseconds)
{
    timespec time{milliseconds / 1000, milliseconds % 1000 * 1000000};
    nanosleep(&time, nullptr);
}

/// Sets a flag, and waits until another one is set.
inline void meet(volatile bool &own, volatile bool &other)
{
    own = true;
    while (!other)
        pause_for(1);
}

/// Says that the guest is as its test wants it, and never ends.
[[noreturn]] inline void stay()
{
    std::printf("ready\n");
    std::fflush(stdout);
    for (;;)
        pause_for(3600 * 1000L);
}
