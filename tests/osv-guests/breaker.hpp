// What aborter calls of its library.
#pragma once

namespace breaker {

class Machine {
public:
    /// Calls abort(), four calls further in.
    void run();

private:
    void give_up(int depth);

    volatile int _steps = 0;
};

}
