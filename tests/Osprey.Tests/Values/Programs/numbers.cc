// Numbers of formats that C# does not have, and vectors.
#include <cstdint>

typedef int int4 __attribute__((vector_size(16)));
typedef unsigned uint4 __attribute__((vector_size(16)));
typedef float float4 __attribute__((vector_size(16)));
typedef double double2 __attribute__((vector_size(16)));
typedef signed char char8 __attribute__((vector_size(8)));
typedef short short4 __attribute__((vector_size(8)));
int4 vector = {1, -2, 3, 4};
int4 other = {10, 20, -30, 4};
uint4 whole = {1, 2, 4000000000u, 4};
float4 floats = {1.5f, -2, 0.25f, 1e30f};
double2 doubles = {1.5, -3};
char8 chars = {1, 2, 3, 4, 5, 6, 7, -128};
short4 shorts = {1, 2, 3, -32768};
int plain[4] = {1, 2, 3, 4};
struct Holder { int before = 1; int4 inside = {5, 6, 7, 8}; } holder;

long double third = 1.0L / 3;
long double large = 1e4000L;
long double small = 1e-4940L;
long double negative = -2.75L;
long double whole_number = 9223372036854775809.0L;
long double zero = 0;
long double not_a_number = __builtin_nanl("");
long double infinite = __builtin_infl();
double one_third = 1.0 / 3;
double huge = 1e30;
double nan_double = __builtin_nan("");
double minus_huge = -1e30;
float single = 0.1f;
_Float16 half = 1.5;
_Float16 half_third = (_Float16)(1.0f / 3);
__float128 quad = 1.0 / 3;
__float128 quad_third = (__float128)1 / 3;
__float128 quad_large = __builtin_huge_valq();
__int128 wide = ((__int128)1 << 100) + 1;
unsigned __int128 unsigned_wide = ~(unsigned __int128)0;
_Complex double complex_double = {1.5, -2.5};
_Complex int complex_int = {3, -4};
_Complex float complex_float = {1, 2};
char16_t pair16[] = u"a\U0001F600b";
char16_t lone16[] = {0xd800, 'x', 0xdc00, 0};
char16_t *to_pair16 = pair16;
char32_t text32[] = U"a\U0001F600b";
wchar_t text_wide[] = L"a\U0001F600b";
uint64_t top = ~0ull;
int in = 7;

int main() {
    __asm__ volatile("int3");
    return (int)half;
}
