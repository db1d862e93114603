// A thread writes to an address that is not mapped.
#include "threads.hpp"

extern "C" {

[[gnu::noinline]] void write_to(volatile long *where) { *where = 4711; }

void *go_astray(void *)
{
    pause_for(500);
    write_to(reinterpret_cast<volatile long *>(0x300000001238));
    return nullptr;
}
}

int main()
{
    start("astray", go_astray);
    stay();
}
