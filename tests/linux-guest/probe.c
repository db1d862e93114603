/* init's globals, and the lines about them. */
#include <inttypes.h>
#include <stdio.h>

#include "probe.h"
#include "report.h"
#include "worker.h"

static int32_t limit = -40;
static struct node nodes[10];
struct node *list;

uint8_t pattern[64 * 1024] __attribute__((aligned(4096)));

struct probe probe = {
	.name = "osprey's probe",
	.low = 5,
	.middle = 0x1abcd,
	.negative = -11,
	.wide = 0xfedcba9876,
	.yes = 1,
	.colour = BLUE,
	.flag = 1,
	.tiny = -128,
	.small = 65521,
	.large = INT64_MIN + 1,
	.real = -1234.5,
	.ratio = 0.15625f,
	.text = "text that a pointer reaches",
	.self = &probe,
	.callback = mix,
	.grid = { { { 1, -1 }, { 2, -2 }, { 3, -3 } }, { { 4, -4 }, { 5, -5 }, { 6, -6 } } },
	.word = 0x04030201,
	.nested = { 0xbeef },
	.limit = &limit,
};

/* A list whose order is not that of its nodes in memory. */
static void link_nodes(void)
{
	struct node **end = &list;

	for (uint32_t i = 0; i < 10; i++) {
		struct node *node = &nodes[i * 7 % 10];

		*node = (struct node){ NULL, i, (int16_t)(-100 * (int)i) };
		*end = node;
		end = &node->next;
	}
}

#define SIGNED(expression) say("value text=" #expression " = %lld", (long long)(expression))
#define UNSIGNED(expression) say("value text=" #expression " = %llu", (unsigned long long)(expression))
#define POINTER(expression) say("value text=" #expression " = 0x%llx", (unsigned long long)(uintptr_t)(expression))
#define REAL(expression) say("value text=" #expression " = %.9g", (double)(expression))
#define STRING(expression) say("string text=" #expression " = %s", (expression))
#define VARIABLE(name) say("variable name=" #name " address=%p size=%zu", (void *)&(name), sizeof(name))
#define FUNCTION(name) say("function name=" #name " address=%p", (void *)(uintptr_t)&(name))

void report_probe(void)
{
	link_nodes();
	probe.nodes = list;
	VARIABLE(probe);
	VARIABLE(list);
	VARIABLE(nodes);
	VARIABLE(limit);
	VARIABLE(pattern);
	FUNCTION(mix);
	FUNCTION(report_probe);
	FUNCTION(work);
	FUNCTION(make_regions);
	STRING(probe.name);
	UNSIGNED(probe.low);
	UNSIGNED(probe.middle);
	SIGNED(probe.negative);
	UNSIGNED(probe.wide);
	UNSIGNED(probe.yes);
	SIGNED(probe.colour);
	UNSIGNED(probe.flag);
	SIGNED(probe.tiny);
	UNSIGNED(probe.small);
	SIGNED(probe.large);
	REAL(probe.real);
	REAL(probe.ratio);
	STRING(probe.text);
	POINTER(probe.self);
	POINTER(probe.nodes);
	POINTER(probe.callback);
	SIGNED(probe.grid[0][0].x);
	SIGNED(probe.grid[1][2].y);
	SIGNED(probe.self->self->grid[0][2].y);
	UNSIGNED(probe.word);
	UNSIGNED(probe.bytes[2]);
	UNSIGNED(probe.nested.inner);
	SIGNED(*probe.limit);
	POINTER(probe.limit);
	POINTER(list);
	SIGNED(list->next->next->weight);
	for (const struct node *node = list; node; node = node->next)
		say("node-of-list address=%p next=%p index=%u weight=%d", (const void *)node, (const void *)node->next, node->index, node->weight);
}
