// Probes in templates, in functions that are inlined, and in one of a library, whose values it prints itself.
#include <cstdint>
#include <cstdio>
#include <stdexcept>
#include <string>
#include "sdt.h"

template <typename T>
[[gnu::noinline]] T twice(T value)
{
    std::printf("u:twice(arg1=%ld)\n", static_cast<long>(value));
    SDT("u", "twice", "-8@%0", "r"(static_cast<int64_t>(value)));
    return value * 2;
}

[[gnu::always_inline]] inline void step(int number, const char *what)
{
    std::printf("u:step(number=%d, what=%s)\n", number, what);
    SDT("u", "step", "-4@%k0 8@%1", "r"(number), "r"(what));
}

struct Counter
{
    int64_t total = 0;

    [[gnu::noinline]] void add(int number, const std::string &name)
    {
        total += number;
        step(number, name.c_str());
        std::printf("u:total(arg1=%ld)\n", static_cast<long>(total));
        SDT("u", "total", "-8@%0", "m"(total));
    }
};

int main()
{
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    std::puts("ready");
    Counter counter;
    char line[64];
    while (std::fgets(line, sizeof line, stdin)) {
        for (int i = 0; i < 40; i++) {
            counter.add(i, "name " + std::to_string(i));
            if (i % 10 == 0)
                step(-i, "from main");
        }

        twice<int>(-21);
        twice<long>(1L << 40);
        twice<unsigned char>(200);
        try {
            throw std::runtime_error("thrown");
        } catch (const std::exception &) {
        }

        std::puts("done");
    }
}
