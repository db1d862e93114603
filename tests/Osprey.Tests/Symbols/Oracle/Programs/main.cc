#include "deep.hh"
#include "shapes.hh"
#include <cstdio>
#include <functional>
#include <map>
#include <numeric>

extern "C" int plain_sum(int count);

namespace {

std::map<int, std::string> names;

struct visitor {
    std::function<long(int)> visit;
    long operator()(int value) const { return visit(value) + names.size(); }
};

template <typename Value, typename Combine>
__attribute__((noinline)) Value fold(const std::vector<Value>& values, Combine combine)
{
    return std::accumulate(values.begin(), values.end(), Value(), combine);
}

}

static long walk(int count)
{
    struct local {
        int step;
        long go(int value) const { return value + step; }
    };
    visitor v { [local = local { 3 }](int value) {
        auto inner = [&](long x) { return deep::ladder<4>::climb(x); };
        return inner(local.go(value));
    } };
    long sum = 0;
    for (int i = 0; i < count; i++) {
        names[i % 7] = std::to_string(i);
        sum += v(i);
    }
    return sum;
}

int main(int argc, char** argv)
{
    auto all = shapes::make(argc * 20);
    std::vector<long> values { walk(argc), plain_sum(argc), long(shapes::total(all)) };
    long result = fold(values, [](long a, long b) { return a * 31 + b; });
    printf("%s %ld\n", argv[0], result);
    return result == 42;
}
