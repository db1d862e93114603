// A library in C++ for aborter: a member function of a class calls abort().
#include "breaker.hpp"

#include <cstdlib>

namespace breaker {

[[gnu::noinline]] void Machine::give_up(int depth)
{
    if (depth == 0)
        std::abort();

    give_up(depth - 1);
    _steps++;
}

[[gnu::noinline]] void Machine::run()
{
    give_up(3);
    _steps++;
}

}
