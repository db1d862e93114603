/* The workers: a stack of known calls, registers with known values, then a loop that changes nothing. */
#define _GNU_SOURCE
#include <asm/prctl.h>
#include <sched.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "report.h"
#include "worker.h"

#define OPAQUE __attribute__((noinline, noclone, noipa))

const char *const register_names[REGISTERS] = {
	"rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15",
};

volatile uint32_t spin_release;
__thread uint64_t thread_value;

/* The activation's own words about itself. The return address and the CFA need no frame pointer, so most have none. */
#define ENTER(level) \
	struct frame *frame = &worker->frames[level]; \
	frame->function = __func__; \
	frame->cfa = (uint64_t)__builtin_dwarf_cfa(); \
	frame->return_address = (uint64_t)__builtin_return_address(0); \
	frame->magic = magic

/* A local variable that the optimizer has to keep in memory. */
#define KEEP_LOCAL(level, outer_local, letter) \
	struct local here = { magic, ~magic, outer_local, letter }; \
	worker->locals[level] = &here; \
	worker->local_values[level] = here; \
	__asm__ volatile("" : : "r"(&here) : "memory")

OPAQUE uint64_t spin(struct worker *worker, uint64_t magic)
{
	ENTER(0);
	/* rdi, with the values' address, gets its own last. */
	__asm__ volatile(
		"movq %%rsp, 15*8(%%rdi)\n\t"
		"movq 0*8(%%rdi), %%rax\n\t"
		"movq 1*8(%%rdi), %%rbx\n\t"
		"movq 2*8(%%rdi), %%rcx\n\t"
		"movq 3*8(%%rdi), %%rdx\n\t"
		"movq 4*8(%%rdi), %%rsi\n\t"
		"movq 6*8(%%rdi), %%rbp\n\t"
		"movq 7*8(%%rdi), %%r8\n\t"
		"movq 8*8(%%rdi), %%r9\n\t"
		"movq 9*8(%%rdi), %%r10\n\t"
		"movq 10*8(%%rdi), %%r11\n\t"
		"movq 11*8(%%rdi), %%r12\n\t"
		"movq 12*8(%%rdi), %%r13\n\t"
		"movq 13*8(%%rdi), %%r14\n\t"
		"movq 14*8(%%rdi), %%r15\n\t"
		"movl $1, 16*8(%%rdi)\n\t"
		"movq 5*8(%%rdi), %%rdi\n\t"
		".globl spin_loop_start, spin_loop_end\n"
		"spin_loop_start:\n\t"
		"pause\n\t"
		"cmpl $0, spin_release(%%rip)\n\t"
		"je spin_loop_start\n"
		"spin_loop_end:\n\t"
		: "+D"(worker)
		:
		: "rax", "rbx", "rcx", "rdx", "rsi", "rbp", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "memory", "cc");
	return magic + spin_release;
}

OPAQUE uint64_t spin_level_1(struct worker *worker, uint64_t magic, const struct local *outer)
{
	ENTER(1);
	KEEP_LOCAL(1, outer, "one");
	uint64_t inner = spin(worker, mix(magic));
	return (inner ^ here.inverse) + magic;
}

OPAQUE uint64_t spin_level_2(struct worker *worker, uint64_t magic, const struct local *outer)
{
	ENTER(2);
	KEEP_LOCAL(2, outer, "two");
	uint64_t inner = spin_level_1(worker, mix(magic), &here);
	return (inner ^ here.inverse) + magic;
}

/* Its frame's size is not known when it is compiled: this one has a frame pointer. */
OPAQUE uint64_t spin_level_3(struct worker *worker, uint64_t magic, const struct local *outer)
{
	ENTER(3);
	KEEP_LOCAL(3, outer, "three");
	char *room = __builtin_alloca(64 + worker->cpu * 48);
	memset(room, (int)worker->cpu, 64);
	__asm__ volatile("" : : "r"(room) : "memory");
	uint64_t inner = spin_level_2(worker, mix(magic), &here);
	return (inner ^ here.inverse) + magic + (uint64_t)room[5];
}

OPAQUE uint64_t spin_level_4(struct worker *worker, uint64_t magic, const struct local *outer)
{
	ENTER(4);
	KEEP_LOCAL(4, outer, "four");
	uint64_t inner = spin_level_3(worker, mix(magic), &here);
	return (inner ^ here.inverse) + magic;
}

void work(struct worker *worker)
{
	cpu_set_t cpus;
	uint64_t magic = 0x0511a9e000000000 + worker->cpu;

	CPU_ZERO(&cpus);
	CPU_SET(worker->cpu, &cpus);
	if (sched_setaffinity(0, sizeof cpus, &cpus))
		fail("sched_setaffinity");

	/* init, which goes on reporting, comes first. */
	setpriority(PRIO_PROCESS, 0, 19);

	worker->tid = (int)syscall(SYS_gettid);
	worker->pid = getpid();
	worker->gs_base = 0x600000000000 + worker->cpu * 0x1000;
	if (syscall(SYS_arch_prctl, ARCH_SET_GS, worker->gs_base) || syscall(SYS_arch_prctl, ARCH_GET_FS, &worker->fs_base))
		fail("arch_prctl");
	thread_value = mix(magic);
	worker->thread_local_address = (uint64_t)&thread_value;
	worker->thread_value = thread_value;
	for (uint64_t i = 0; i < REGISTERS; i++)
		worker->registers[i] = 0xc0de000000000000 + ((uint64_t)worker->cpu << 32) + 0x01010101 * (i + 1);
	spin_level_4(worker, magic, NULL);
	fail("the workers were released");
}

uint64_t mix(uint64_t value)
{
	value += 0x9e3779b97f4a7c15;
	value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9;
	value = (value ^ value >> 27) * 0x94d049bb133111eb;
	return value ^ value >> 31;
}
