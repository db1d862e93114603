/*
 * The only program of a guest that tests boot. It says what is true of itself and of the kernel on the serial line, as
 * report.h describes, and keeps every vCPU in a loop with known registers on a known stack: what Osprey finds from
 * outside is compared with that.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "probe.h"
#include "report.h"
#include "worker.h"

static struct worker *workers;
static int cpus;

static void write_setting(const char *path, const char *value)
{
	FILE *file = fopen(path, "w");

	if (file) {
		fputs(value, file);
		fclose(file);
	}
}

static void mount_kernel_files(void)
{
	mkdir("/dev", 0755);
	mkdir("/proc", 0755);
	mkdir("/sys", 0755);
	if (mount("dev", "/dev", "devtmpfs", 0, NULL) && errno != EBUSY)
		fail("devtmpfs");
	if (mount("proc", "/proc", "proc", 0, NULL) || mount("sys", "/sys", "sysfs", 0, NULL))
		fail("mount");

	/* Addresses are what this is about; and no page shall move after it was reported. */
	write_setting("/proc/sys/kernel/kptr_restrict", "0");
	write_setting("/proc/sys/kernel/perf_event_paranoid", "-1");
	write_setting("/proc/sys/vm/compaction_proactiveness", "0");
	write_setting("/proc/sys/vm/compact_unevictable_allowed", "0");
	write_setting("/proc/sys/kernel/numa_balancing", "0");
	write_setting("/sys/kernel/mm/transparent_hugepage/enabled", "madvise");
	write_setting("/sys/kernel/mm/transparent_hugepage/khugepaged/defrag", "0");
}

static void *work_in_thread(void *worker)
{
	work(worker);
	return NULL;
}

/* vCPU 0 runs a thread of init, each other one a process of its own: a page table for each vCPU. */
static void start_workers(void)
{
	static char stack[256 * 1024] __attribute__((aligned(4096)));
	pthread_attr_t attributes;
	pthread_t thread;

	for (int i = 1; i < cpus; i++) {
		struct worker *worker = &workers[i];

		worker->cpu = (uint32_t)i;
		worker->space = i;
		switch (fork()) {
		case -1:
			fail("fork");
		case 0:
			make_regions(worker);
			work(worker);
		}
	}
	make_regions(&workers[0]);
	pthread_attr_init(&attributes);
	pthread_attr_setstack(&attributes, stack, sizeof stack);
	if (pthread_create(&thread, &attributes, work_in_thread, &workers[0]))
		fail("pthread_create");
	for (int i = 0; i < cpus; i++) {
		while (!workers[i].spinning)
			usleep(1000);
		workers[i].saved = (struct saved){ (uint64_t)spin_loop_start, workers[i].stack_pointer };
	}
}

static void report_worker(const struct worker *worker)
{
	char start[96];

	for (int i = 0; i < worker->region_count; i++) {
		const struct region *region = &worker->regions[i];

		say("region space=%d name=%s address=0x%" PRIx64 " size=%" PRIu64, worker->space, region->name, region->address, region->size);
		if (region->seed)
			say("pattern space=%d name=%s address=0x%" PRIx64 " size=%" PRIu64 " seed=0x%" PRIx64, worker->space, region->name,
			    region->address, region->size, region->seed);
	}
	say("worker cpu=%u space=%d tid=%d stack-pointer=0x%" PRIx64 " fs-base=0x%" PRIx64 " gs-base=0x%" PRIx64
	    " thread-local=0x%" PRIx64 " thread-value=0x%" PRIx64, worker->cpu, worker->space, worker->tid, worker->stack_pointer,
	    worker->fs_base, worker->gs_base, worker->thread_local_address, worker->thread_value);
	for (int i = 0; i < REGISTERS; i++)
		say("register cpu=%u name=%s value=0x%" PRIx64, worker->cpu, register_names[i], worker->registers[i]);
	for (int i = 0; i < MAX_FRAMES && worker->frames[i].function; i++) {
		const struct frame *frame = &worker->frames[i];

		say("frame cpu=%u level=%d function=%s cfa=0x%" PRIx64 " return=0x%" PRIx64 " magic=0x%" PRIx64, worker->cpu, i, frame->function,
		    frame->cfa, frame->return_address, frame->magic);
		if (worker->locals[i]) {
			snprintf(start, sizeof start, "local cpu=%u function=%s name=here address=%p", worker->cpu, frame->function, (void *)worker->locals[i]);
			say_hex(start, &worker->local_values[i], sizeof worker->local_values[i]);
		}
	}
}

int main(void)
{
	mount_kernel_files();
	setpriority(PRIO_PROCESS, 0, -20);
	cpus = (int)sysconf(_SC_NPROCESSORS_ONLN);
	if (cpus > MAX_CPUS)
		cpus = MAX_CPUS;
	workers = mmap(NULL, MAX_CPUS * sizeof *workers, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (workers == MAP_FAILED)
		fail("mmap");

	report_open();
	report_machine();
	report_kernel();
	report_probe();
	start_workers();
	report_tasks();
	say("spin start=%p end=%p release=%p", (const void *)spin_loop_start, (const void *)spin_loop_end, (const void *)&spin_release);
	for (int i = 0; i < cpus; i++) {
		report_worker(&workers[i]);
		report_memory(workers[i].space, workers[i].pid);
	}
	report_end();
	for (;;)
		pause();
}
