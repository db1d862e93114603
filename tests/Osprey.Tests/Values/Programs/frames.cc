// Parameters and local variables of many kinds of frames, above a breakpoint instruction: what of them a debugger can still know
// differs with the optimizer, and with what the callers say that they passed.
#include <cstdint>
#include <cstdlib>

#define NOINLINE __attribute__((noinline, noclone))

struct Point {
    int x, y;
    double z;
};

struct Node {
    Node *next;
    int id;
};

volatile int sink;
static thread_local int per_thread = 77;

NOINLINE void stop()
{
    asm volatile("int3" ::: "memory");
    sink = 1;
}

// Parameters that are overwritten before the call: only the caller still knows them.
NOINLINE void lost(int first, long second, const Point *third, unsigned char fourth)
{
    sink = first + static_cast<int>(second) + third->x + fourth;
    stop();
    sink = 2;
}

// Split into fields: each of them lives, or died, by itself.
NOINLINE int split(Point point, Point *where)
{
    Point local = {point.x + 1, point.y + 2, point.z * 2};
    Point gone = {point.y, point.x, 0.5};
    sink = gone.x + gone.y;
    lost(local.x, 1L << 40, where, 'q');
    return local.y + static_cast<int>(local.z);
}

// A stack whose size is not known when it is compiled.
NOINLINE int dynamic(int size, int fill)
{
    int array[size];
    for (int i = 0; i < size; i++)
        array[i] = fill + i;

    Point point = {size, fill, 1.25};
    asm volatile("" ::"r"(array), "r"(&point) : "memory");
    return split(point, &point) + array[size - 1];
}

// A name that hides another, in blocks that end.
NOINLINE int shadow(int value)
{
    int result = value;
    {
        int hidden = value * 2;
        asm volatile("" : "+r"(hidden));
        for (int value = 0; value < 1; value++) {
            long hidden = 5 + value;
            asm volatile("" : "+r"(hidden));
            result += dynamic(3 + value, static_cast<int>(hidden));
            asm volatile("" : "+r"(hidden), "+r"(result));
        }
        result += hidden;
    }
    {
        int later = result * 3;
        asm volatile("" : "+r"(later));
        result += later;
    }
    return result;
}

static inline __attribute__((always_inline)) int innermost(int a, const Node &node)
{
    int sum = a + node.id;
    asm volatile("" : "+r"(sum));
    return shadow(sum) + a;
}

static inline __attribute__((always_inline)) int middle(int a)
{
    Node node = {nullptr, a * 10};
    Node other = {&node, a};
    asm volatile("" ::"r"(&other) : "memory");
    return innermost(a + 1, other) + other.id;
}

struct Base {
    int base_value = 3;
    virtual ~Base() = default;
    virtual int run(int depth, bool flag) = 0;
};

struct Derived : Base {
    int own = 4;
    NOINLINE int run(int depth, bool flag) override
    {
        uint64_t bits = 0x8000000000000001u;
        const char *text = flag ? "flagged" : "plain";
        asm volatile("" : "+r"(bits), "+r"(text));
        if (depth > 0)
            return run(depth - 1, !flag) + own + static_cast<int>(bits);

        return middle(own + base_value) + (text[0] == 'f');
    }
};

// Enough values that some live in callee-saved registers of frames further in.
NOINLINE long registers(long seed)
{
    long a = seed * 3, b = seed + 5, c = seed ^ 0x55, d = seed - 9, e = seed * seed, f = ~seed;
    float single = static_cast<float>(seed) / 4;
    asm volatile("" : "+r"(a), "+r"(b), "+r"(c), "+r"(d), "+r"(e), "+r"(f));
    Derived derived;
    Base *base = &derived;
    asm volatile("" : "+r"(base));
    long ran = base->run(2, seed > 0);
    asm volatile("" : "+r"(a), "+r"(b), "+r"(c), "+r"(d), "+r"(e), "+r"(f));
    return a + b + c + d + e + f + ran + static_cast<long>(single);
}

int compare(const void *left, const void *right)
{
    static int count = 40;
    if (++count == 42)
        sink = static_cast<int>(registers(*static_cast<const int *>(left)));

    return *static_cast<const int *>(left) - *static_cast<const int *>(right);
}

int main(int argc, char **)
{
    int items[] = {5 + argc, 3, 9, 1, 7};
    sink = per_thread;
    qsort(items, 5, sizeof items[0], compare);
    return items[0];
}
