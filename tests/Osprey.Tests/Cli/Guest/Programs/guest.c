/* A guest for tests: it runs once as a process, and writes what its memory holds at the end of its calls. See README.md. */

typedef unsigned long word;

enum color { red, green = 5, blue = -1 };

struct point {
    int x;
    int y;
};

union either {
    word number;
    char text[8];
};

struct node {
    struct node *next;
    const char *name;
    enum color color;
    unsigned is_open : 1;
    unsigned depth : 5;
    int balance : 7;
    struct point place;
    union either either;
    double ratio;
    int (*visit)(struct node *, int);
};

int visit(struct node *node, int depth);

extern struct node first, second, third;
struct node third = { 0, "third", blue, 0, 17, -3, { 5, 6 }, { 0x4142434445464748 }, 0.125, 0 };
struct node second = { &third, "second", green, 1, 31, 63, { 3, -4 }, { 42 }, -1.5, visit };
struct node first = { &second, "first", red, 1, 1, -64, { 1, 2 }, { 7 }, 3.25, visit };

struct node *head = &first;
struct node *ring[2] = { (struct node *)ring, &second };
int matrix[2][3] = { { 1, 2, 3 }, { 4, 5, 6 } };
const char banner[] = "OSv v0.57.0-7-g0123abcd\nCopyright";

word page_table_root __asm__("_ZN3mmu15page_table_rootE") = 0x1000;
word saved[9];
char second_stack[512] __attribute__((aligned(16)));
char stack[2048] __attribute__((aligned(16)));

/* Keeps what registers it must, and ends the process once it has written its memory. */
__attribute__((noinline)) void stop(void);

static inline __attribute__((always_inline)) int weigh(const struct node *node)
{
    return node->place.x * 3 + node->balance;
}

__attribute__((noinline)) int visit(struct node *node, int depth)
{
    int weight = weigh(node);
    struct point local = { weight, depth };
    if (node->next)
        weight += visit(node->next, depth + 1);
    else
        stop();
    return weight + local.y;
}

__attribute__((noinline)) void run(void)
{
    matrix[1][2] = visit(head, 0);
}
