#include "shapes.hh"
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace lab {

enum plain { plain_zero, plain_five = 5, plain_negative = -3 };
enum class scoped : unsigned char { low = 1, high = 255 };
enum big : unsigned long { big_value = 0xffff'ffff'ffff'fff0UL };
enum class negative : short { minus = -7, plus = 7 };

struct bits {
    unsigned a : 3;
    unsigned b : 5;
    unsigned : 0;
    int c : 17;
    bool d : 1;
    uint64_t e : 40;
    uint64_t f : 24;
    scoped g : 8;
    char rest;
};

struct __attribute__((packed)) tight {
    char a;
    int b : 3;
    int c : 29;
    long d;
    unsigned short e : 9;
    unsigned short f : 9;
};

struct anonymous {
    int tag;
    union {
        int as_int;
        float as_float;
        struct {
            short low;
            short high;
        };
    };
    struct {
        long x, y;
    } point;
};

union either {
    long number;
    char text[5];
    double real;
};

struct first_base {
    virtual ~first_base();
    int one;
};
struct second_base {
    virtual void second();
    long two;
};
struct empty_base {};
struct several : first_base, second_base, empty_base {
    char three;
};
struct top {
    virtual ~top();
    int at_top;
};
struct left : virtual top {
    int at_left;
};
struct right : virtual top {
    int at_right;
};
struct bottom : left, right {
    int at_bottom;
};

struct arrays {
    int matrix[2][3][4];
    const char *names[5];
    int (*callbacks[3])(long, char);
    int (*pointer_to_array)[7];
    char open[];
};

struct pointers {
    void *any;
    const volatile int *cv;
    int *const fixed;
    int &ref;
    int &&rref;
    int inner::*data_member;
    int (several::*method)(int) const;
    void (*function)(void);
    int (*variadic)(const char *, ...);
    decltype(nullptr) null;
    int *__restrict quick;
    void (*nested)(int (*)(char), inner *);
};

template <typename... T>
struct pack {
    int count = sizeof...(T);
};
template <typename T, int N, bool B>
struct holder {
    T items[N];
    using element = T;
    static constexpr int length = N;
    struct cursor {
        T *at;
        int index;
    };
    cursor begin;
};
template <auto *P>
struct by_pointer {
    char c;
};

struct constants {
    static constexpr int forty_two = 42;
    static const long minus_one = -1;
    static constexpr double half = 0.5;
    static constexpr unsigned char byte = 200;
    static const char letter = 'x';
    static int counted;
    static thread_local int local;
    int member;
};
int constants::counted = 3;
thread_local int constants::local = 4;

struct alignas(64) aligned {
    char c;
    alignas(16) char d;
};

struct self {
    self *next;
    self **all;
    std::vector<self> list;
};

struct outer::impl {
    outer *owner;
    int secret;
};

typedef struct {
    int x, y;
} unnamed_struct;
using callback = int (*)(const std::string &);
typedef unsigned long word;
typedef word words[8];

inline namespace v2 {
struct versioned {
    int new_field;
};
int versioned_counter = 5;
}

namespace {
struct local_type {
    int only_here;
};
local_type local_variable{7};
int file_counter = 1;
constexpr long file_constant = -99;
}

const int global_constant = 1234567;
int shared_counter = 9;
thread_local long shared_local = 8;
static int same_name = 100;
std::map<std::string, std::vector<int>> table;
std::unique_ptr<inner> owned;
std::shared_ptr<outer> held;

first_base::~first_base() {}
void second_base::second() {}
top::~top() {}

bits v_bits;
tight v_tight;
anonymous v_anonymous;
either v_either;
several v_several;
bottom v_bottom;
arrays *v_arrays;
pointers *v_pointers;
pack<int, char *, inner> v_pack;
pack<> v_empty_pack;
holder<unsigned long, 4, true> v_holder;
holder<const char *, 2, false>::element v_element;
by_pointer<&shared_counter> v_by_pointer;
constants v_constants;
aligned v_aligned;
self *v_self;
outer::impl v_impl;
unnamed_struct v_unnamed;
callback v_callback;
words v_words;
versioned v_versioned;
plain v_plain;
scoped v_scoped;
big v_big;
negative v_negative;

__attribute__((noinline)) int statics(int n)
{
    static int hits = 5;
    static const char *volatile label = "x";
    struct here {
        int h;
    };
    here value{n};
    hits += value.h;
    return hits + (label != nullptr) + same_name;
}

template <typename T>
__attribute__((noinline)) T twice(T value)
{
    T result = value + value;
    for (int i = 0; i < 3; i++) {
        T step = result + i;
        result += step;
    }
    return result;
}

inline __attribute__((always_inline)) int inlined_inner(int deep)
{
    int inside = deep * 3;
    asm volatile("" ::"r"(inside));
    return inside + 1;
}

inline __attribute__((always_inline)) int inlined_outer(int shallow)
{
    int between = shallow + 2;
    int got = inlined_inner(between);
    asm volatile("" ::"r"(got));
    return got - between;
}

int overloaded(int a) { return a; }
int overloaded(const char *a, long b) { return *a + (int)b; }

__attribute__((noinline)) int caller(int argument)
{
    int result = inlined_outer(argument);
    if (result > 3) {
        int in_block = result * 2;
        asm volatile("" ::"r"(in_block));
        result += in_block;
    }
    return result;
}

}

int main(int argc, char **argv)
{
    lab::file_counter += argc + lab::local_variable.only_here + (int)lab::file_constant;
    lab::make_hidden();
    lab::count_calls();
    lab::shared_local++;
    lab::constants::local++;
    return lab::statics(argc) + lab::global_constant + lab::twice(argc) + (int)lab::twice(2.5) + lab::caller(argc) + lab::overloaded(1) + lab::overloaded(argv[0], 2);
}
