// Types of all sorts, seen by two units.
#pragma once
#include <cstddef>
#include <cstdint>

namespace lab {

struct hidden;

struct inner {
    int a;
    char b;
    struct deep {
        short s;
        enum { deep_one = 11, deep_two } kind;
    } nested;
};

struct outer {
    char first;
    inner value;
    inner *link;
    hidden *later;
    const hidden &reference;
    struct impl;
    impl *pimpl;
};

hidden *make_hidden();
extern int shared_counter;
extern thread_local long shared_local;

inline int count_calls()
{
    static int calls;
    return ++calls;
}

}
