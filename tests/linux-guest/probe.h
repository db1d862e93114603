/* init's globals: values of every kind of type, which the report tells as C expressions. */
#ifndef PROBE_H
#define PROBE_H

#include <stdint.h>

enum colour { RED, GREEN = 7, BLUE = -2 };

struct node {
	struct node *next;
	uint32_t index;
	int16_t weight;
};

struct point {
	int32_t x, y;
};

typedef uint64_t probe_callback(uint64_t);

struct probe {
	char name[16];
	unsigned int low : 3;
	unsigned int middle : 17;
	signed int negative : 5;
	unsigned int : 0;
	uint64_t wide : 40;
	_Bool yes : 1;
	enum colour colour;
	_Bool flag;
	int8_t tiny;
	uint16_t small;
	int64_t large;
	double real;
	float ratio;
	const char *text;
	struct probe *self;
	struct node *nodes;
	probe_callback *callback;
	struct point grid[2][3];
	union {
		uint32_t word;
		uint8_t bytes[4];
	};
	struct {
		uint16_t inner;
	} nested;
	const volatile int32_t *const limit;
};

extern struct probe probe;
extern struct node *list;
extern uint8_t pattern[64 * 1024];

/* The lines about these. */
void report_probe(void);

#endif
