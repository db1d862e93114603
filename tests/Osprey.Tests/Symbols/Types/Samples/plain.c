#include <stdatomic.h>
#include <stdio.h>

struct forward;
typedef struct point {
    int x, y;
} point;
typedef struct tag other;
struct tag {
    point at;
    struct forward *behind;
    unsigned char flag : 1, level : 6;
    long long wide : 33;
    struct {
        int unnamed;
    };
    union {
        float f;
        unsigned u;
    } either;
    volatile int *const restrict odd;
    _Atomic int counter;
    int flexible[];
};
enum color { red, green = 7, blue };
static int same_name = 300;
static int only_here = 4;
int c_global = 5;
_Thread_local int c_local = 6;
const unsigned char c_constant = 250;
int (*c_handlers[2])(int, const char *);
long double c_long_double;
_Complex double c_complex;
_Bool c_bool;
__int128 c_wide;
struct tag *c_tag;
other *c_other;
enum color c_color;

static __attribute__((noinline)) int helper(int n, struct tag *t)
{
    static int remembered = 77;
    int array[n > 0 ? n : 1];
    array[0] = remembered += n;
    return array[0] + (t ? t->at.x : 0) + only_here++ + same_name++;
}

int main(int argc, char **argv)
{
    c_local++;
    printf("%d\n", helper(argc, c_tag));
    return argv[0] == 0;
}
