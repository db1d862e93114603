// Values of every kind that gdb prints, in globals, and a function to stop in.
#include <cstdint>
#include <cstddef>

namespace shop {
enum Color { RED, GREEN = 5, BLUE };
enum class Level : unsigned char { low = 1, high = 200 };
enum Flags { F_A = 1, F_B = 2, F_C = 4, F_HIGH = 0x30 };
struct Point { int x, y; };
struct Inner { short s; union { int i; float f; }; struct { char tag; long wide; } named; };
struct Base { int base_value; virtual ~Base(); virtual int kind() const; };
struct Other { long other_value; virtual ~Other(); };
struct Derived : Base, Other { int own; int kind() const override; static int count; static const int limit = 77; };
struct VBase { int v; };
struct Mid1 : virtual VBase { int m1; virtual ~Mid1(); };
struct Mid2 : virtual VBase { int m2; virtual ~Mid2(); };
struct Diamond : Mid1, Mid2 { int d; ~Diamond() override; };
struct Empty {};
struct OnlyBase : Point {};
struct Bits { unsigned a : 3; int b : 5; unsigned long long c : 40; bool flag : 1; Color color : 4; };
Base::~Base() {}
int Base::kind() const { return 1; }
Other::~Other() {}
int Derived::kind() const { return 2; }
Mid1::~Mid1() {}
Mid2::~Mid2() {}
Diamond::~Diamond() {}
int Derived::count = 42;
Color color = GREEN;
Color odd_color = (Color)3;
Level level = Level::high;
Flags flags = (Flags)(F_A | F_C);
Flags flags_unknown = (Flags)(F_B | 0x40);
Flags flags_none = (Flags)0;
Point point = {3, -4};
Point points[3] = {{1, 2}, {3, 4}, {5, 6}};
Inner inner = {7, {1065353216}, {'t', 1L << 40}};
Derived derived;
Base *base_ptr = &derived;
Other *other_ptr = &derived;
Diamond diamond;
Empty empty;
OnlyBase only_base;
Bits bits = {5, -9, 0x123456789aULL, true, BLUE};
int hidden = 9;
template <typename T, int N> struct Box { T items[N]; static T shared; };
template <typename T, int N> T Box<T, N>::shared = T(11);
Box<int, 3> box = {{7, 8, 9}};
int add(int a, int b) { return a + b; }
}

bool yes = true, no = false;
char ch = 'A', nul = 0, newline = '\n', quote = '\'', high = '\377', esc = 27;
signed char sc = -5;
unsigned char uc = 200;
short sh = -1234;
unsigned short ush = 65535;
int in = -123456;
unsigned un = 4000000000u;
long lo = -5000000000L;
unsigned long ul = 18446744073709551615ul;
long long ll = 1LL << 62;
unsigned long long ull = 1ULL << 63;
__int128 big = (__int128)1 << 100;
unsigned __int128 ubig = ~(unsigned __int128)0;
float fl = 0.1f, fl_int = 3, fl_big = 1e30f, fl_neg = -2.5e-10f;
double db = 0.1, db_int = 100, db_big = 1e100, db_tiny = 5e-324, db_inf = __builtin_inf(), db_ninf = -__builtin_inf(), db_nan = __builtin_nan(""), db_1e17 = 1e17, db_1e16 = 1e16, db_third = 1.0 / 3;
long double ld = 0.1L, ld_int = 12345, ld_big = 1e300L;
_Complex float cplx_f = 1.5f - 2.5fi;
_Complex double cplx_d = 3.0 + 4.0i;
_Complex long double cplx_l = 1.0L + 2.0iL;
wchar_t wc = L'x';
char16_t c16 = u'y';
char32_t c32 = U'z';
wchar_t wide[6] = L"wide";
char text[16] = "hello";
char full[5] = {'h', 'e', 'l', 'l', 'o'};
char tabs[] = "a\tb\\c\"d\001e";
char zeros[64];
char runs[40] = "abcccccccccccccccccccd";
unsigned char blob[4] = {1, 2, 254, 0};
const char *str = "a string";
const char *null_str = nullptr;
const char *long_str = "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
  "abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghij";
const char *bad_str = (const char *)0x10;
char *const const_ptr = text;
unsigned char *uc_ptr = blob;
int numbers[5] = {1, 2, 3, 4, 5};
int same[20] = {7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7};
int many[300];
int matrix[2][3] = {{1, 2, 3}, {4, 5, 6}};
double doubles[3] = {1.5, 2.25, -3};
const char *names[3] = {"one", "two", nullptr};
int *int_ptr = &numbers[2];
int **int_ptr_ptr = &int_ptr;
void *void_ptr = numbers;
int (*array_ptr)[5] = &numbers;
int (*func_ptr)(int, int) = shop::add;
int &reference = numbers[1];
shop::Point &point_ref = shop::point;
int shop::Point::*member_ptr = &shop::Point::y;
shop::Point *point_ptr = &shop::points[1];
volatile int vol = 12;
const int fixed = 13;
typedef unsigned long word_t;
word_t word = 99;
typedef int *int_ptr_t;
int_ptr_t typedef_ptr = numbers;
struct Node { int value; Node *next; const char *label; int (*callback)(int, int); int &ref; shop::Color color; char tag[4]; };
Node tail = {2, nullptr, nullptr, nullptr, numbers[0], shop::RED, "x"};
Node head = {1, &tail, "head", shop::add, numbers[3], shop::BLUE, "abc"};
static int file_static = 31;
union Mixed { int i; char c[4]; float f; } mixed = {0x41424344};
struct { int a; struct { int b, c; }; } anonymous = {1, {2, 3}};
struct Flexible { int n; int rest[]; };
Flexible *flexible = (Flexible *)numbers;
struct Worker { int load; int on(int add) { return load + add; } };
typedef int (Worker::*method_t)(int);
int (Worker::*method)(int) = &Worker::on;
method_t no_method = nullptr;
struct { int id; method_t call; } work = {4, &Worker::on};

int inner_function(int parameter, const shop::Point &where, double ratio)
{
    static int calls = 5;
    int local = parameter * 2;
    char buffer[8] = "local";
    shop::Point here = {where.x + 1, where.y + 1};
    {
        int local = 1000;
        calls += local;
        asm volatile("int3" : : "r"(&buffer), "r"(&here), "r"(local), "m"(ratio) : "memory");
    }
    return local + buffer[0] + here.x + file_static;
}

int main()
{
    shop::derived.base_value = 10;
    shop::derived.other_value = 20;
    shop::derived.own = 30;
    shop::diamond.v = 1;
    shop::diamond.m1 = 2;
    shop::diamond.m2 = 3;
    shop::diamond.d = 4;
    shop::only_base.x = 8;
    for (int i = 0; i < 300; i++)
        many[i] = i;
    shop::color = (shop::Color)(shop::color + (int)shop::Box<int, 3>::shared - 11);
    return inner_function(21, shop::point, 2.5);
}
