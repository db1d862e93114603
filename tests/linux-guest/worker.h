/* One worker a vCPU, its memory, and what it says of itself to init, in pages that all processes share. */
#ifndef WORKER_H
#define WORKER_H

#include <stdint.h>

enum { MAX_CPUS = 8, MAX_FRAMES = 8, MAX_REGIONS = 24, PAGE = 4096, HUGE = 2 * 1024 * 1024, REGISTERS = 15 };

/* An activation on a worker's stack. */
struct frame {
	const char *function;
	uint64_t cfa, return_address, magic;
};

/* A local variable on a worker's stack. */
struct local {
	uint64_t id, inverse;
	const struct local *outer;
	char name[8];
};

/* Registers as operating systems save them: enough to follow the stack of spin(). */
struct saved {
	uint64_t ip, sp;
};

/* A range of a process's memory; filled with its pattern where there is a seed. */
struct region {
	const char *name;
	uint64_t address, size, seed;
};

struct worker {
	uint64_t registers[REGISTERS]; /* the assembly of spin() knows that these come first */
	uint64_t stack_pointer;
	volatile uint32_t spinning;
	uint32_t cpu;
	int space, pid, tid;
	uint64_t fs_base, gs_base, thread_local_address, thread_value;
	struct frame frames[MAX_FRAMES];
	struct local *locals[MAX_FRAMES];
	struct local local_values[MAX_FRAMES];
	struct region regions[MAX_REGIONS];
	int region_count;
	struct saved saved;
};

/* The names of struct worker's registers, in its order. */
extern const char *const register_names[REGISTERS];

/* The flag that the spinning workers poll; nobody ever sets it. */
extern volatile uint32_t spin_release;

/* The first byte of the loop's code, and the first behind it. */
extern const char spin_loop_start[], spin_loop_end[];

/* Makes the memory that the report tells of, in the process of this worker. */
void make_regions(struct worker *worker);

/* Pins the thread, fills its registers, spins for ever. */
void work(struct worker *worker);

/* The bytes of patterns: word number i of a pattern is mix(seed + i). */
uint64_t mix(uint64_t value);

#endif
