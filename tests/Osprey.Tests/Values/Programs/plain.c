// What C has and C++ does not: tags, comparisons that are int, arrays without a size at a struct's end.
#include <stdbool.h>
#include <stdint.h>
#include <stddef.h>

struct node {
	struct node *next, **back;
	enum color { RED, GREEN = 5, BLUE } color;
	union either {
		int number;
		unsigned char bytes[4];
	} either;
	unsigned small : 3;
	signed balance : 5;
	_Bool is_open : 1;
	_Bool is_set;
	int (*visit)(struct node *, enum color);
};

// A typedef that has a tag's name stands for something else.
struct twin {
	int real;
};
typedef long twin;
typedef struct {
	int counter;
} atomic;

struct open {
	size_t count;
	char text[];
};

struct older {
	int count;
	struct {
	} nothing;
	char text[0];
};

struct numbers {
	int count;
	long items[0];
};

extern const char banner[];
const char banner[] __attribute__((weak)) = "a banner of some length";

static int visit(struct node *node, enum color color)
{
	return node->color == color;
}

struct node first = { 0, 0, GREEN, { 0x01020304 }, 5, -7, 1, 1, visit }, second = { &first, &first.next, BLUE, { -1 }, 1, 3, 0, 0, 0 };
struct twin one_twin = { 11 };
twin other_twin = -12;
atomic count = { -3 };
struct {
	struct open open;
	char text[8];
} opened = { { 3 }, "abc" };
struct {
	struct older older;
	char text[8];
} old = { { 2 }, "xy" };
struct {
	struct numbers numbers;
	long items[3];
} many = { { 3 }, { 7, 8, 9 } };
int nine[11] = { 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 };
int ten[12] = { 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 };
int eleven[13] = { 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 };
atomic zeros[10];
static int hidden = 4;
volatile unsigned long ticks = 4294893320;

int main(void)
{
	__asm__ volatile("int3");
	return hidden + visit(second.next, RED) + (int)(opened.open.count + old.older.count + many.numbers.count) + banner[1];
}
