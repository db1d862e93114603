// Classes with virtual bases, and names of types as users write them.
#include <cstddef>

struct Root { int root = 1; virtual ~Root() {} };
struct Left : virtual Root { int left = 2; };
struct Right : virtual Root { int right = 3; };
struct Whole : Left, Right { int whole = 4; };
struct Plain { int plain = 5; };
struct Deep : Plain, virtual Whole { int deep = 6; };
struct Deeper : Deep { int deeper = 7; ~Deeper() override {} };
struct Bare { int bare = 8; };
struct OnBare : virtual Bare { int on_bare = 9; };
struct Twice1 : Root { int twice1 = 10; };
struct Twice2 : Root { int twice2 = 11; };
struct Twice : Twice1, Twice2 { int twice = 12; };
struct Method { int first = 13; int second = 14; virtual ~Method() {} virtual int work() { return 1; } int plain() { return 2; } virtual int more() { return 3; } };

Whole whole;
Deeper deeper;
OnBare on_bare;
Twice twice;
Method method;
Root *root = &whole;
Root *root_of_deeper = &deeper;
Left *left = &whole;
Right *right = &whole;
Whole *whole_of_deeper = &deeper;
Bare *bare = &on_bare;
Plain *plain = &deeper;
Root *no_root = nullptr;
Root &root_reference = whole;
Root plain_root;
Root *to_plain_root = &plain_root;
Left plain_left;
Root *root_of_left = &plain_left;
Root *bad = reinterpret_cast<Root *>(8);
Root *second_root = static_cast<Twice2 *>(&twice);

int Method::*second_member = &Method::second;
int (Method::*plain_method)() = &Method::plain;
int (Method::*virtual_method)() = &Method::work;
int (Method::*second_virtual_method)() = &Method::more;
int (Method::*no_method)() = nullptr;
std::nullptr_t nothing = nullptr;

namespace ns {
enum class E2 { X, Y, Z };
enum Plain { A = 3, B };
template <typename T, T V> struct TT { T value = V; };
template <E2 E> struct TA { int a = 4; };
template <Plain E> struct TP { int p = 5; };
template <bool B> struct TB { int b = 6; };
template <unsigned N, long M = 3> struct TN { int n = 7; };
template <typename F> struct TF { F f = nullptr; };
template <typename... T> struct Pack { int count = sizeof...(T); };
TT<char, 'a'> tt;
TT<unsigned char, 'b'> tu;
TT<int, -5> ti;
TA<E2::Y> ta;
TP<B> tp;
TB<true> tb;
TN<5> tn;
TF<int (*)(int)> tf;
TF<int Method::*> tm;
Pack<int, char> pack;
}

int main() {
    __asm__ volatile("int3");
    return 0;
}
