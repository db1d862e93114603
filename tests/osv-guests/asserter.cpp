// A thread's assertion fails.
#undef NDEBUG
#include "threads.hpp"

#include <cassert>

extern "C" {

[[gnu::noinline]] void check_balance(int balance) { assert(balance == 42 && "the books do not balance"); }

void *check_books(void *)
{
    pause_for(500);
    check_balance(41);
    return nullptr;
}
}

int main()
{
    start("checker", check_books);
    stay();
}
