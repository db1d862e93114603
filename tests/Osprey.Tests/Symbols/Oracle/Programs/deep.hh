#pragma once

// Calls that every compiler inlines into each other, with a frame of its own for each depth.
namespace deep {

template <int Depth>
struct ladder {
    static inline __attribute__((always_inline)) long climb(long value)
    {
        long next = value * 3 + Depth;
        if (next & 1)
            next ^= ladder<Depth - 1>::climb(next);
        return next + Depth;
    }
};

template <>
struct ladder<0> {
    static inline __attribute__((always_inline)) long climb(long value)
    {
        return value ^ 0x55;
    }
};

template <typename Function, typename... Arguments>
inline auto apply(Function function, Arguments... arguments)
{
    return function(arguments...);
}

}
