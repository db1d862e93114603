/*
 * Waits for a second CPU and for memory above 4 GiB, which are plugged in while the guest runs, and puts both to use: says
 * "ready" and "plugged CPUS KIB ADDRESS PHYSICAL" once a thread runs on that CPU and a page of this program lies in that memory.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#define PAGE 4096UL
#define ABOVE (4UL << 30)
#define MOST (160UL << 20)

static int pagemap;
static volatile int is_there;

/* A driver would bring it online; nothing else does. */
static void bring_online(const char *path)
{
	int file = open(path, O_WRONLY);

	if (file >= 0) {
		if (write(file, "1", 1) < 0)
			dprintf(2, "%s can't be written\n", path);
		close(file);
	}
}

static uint64_t find_physical(const void *address)
{
	uint64_t entry = 0;

	if (pread(pagemap, &entry, sizeof entry, (uintptr_t)address / PAGE * sizeof entry) != sizeof entry)
		return 0;
	return (entry & ((1ULL << 55) - 1)) * PAGE;
}

static void *use_cpu(void *unused)
{
	cpu_set_t second;

	prctl(PR_SET_NAME, "on-second");
	CPU_ZERO(&second);
	CPU_SET(1, &second);
	while (sched_setaffinity(0, sizeof second, &second)) {
		bring_online("/sys/devices/system/cpu/cpu1/online");
		usleep(20000);
	}
	is_there = 1;
	for (;;)
		;
	return unused;
}

/* Pages until one lies above 4 GiB; they are given back when there is none yet. */
static char *find_page(void)
{
	char *memory = mmap(NULL, MOST, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return NULL;
	for (size_t at = 0; at < MOST; at += PAGE) {
		memory[at] = 1;
		if (find_physical(memory + at) >= ABOVE)
			return memory + at;
	}
	munmap(memory, MOST);
	return NULL;
}

int main(void)
{
	struct termios settings;
	pthread_t thread;
	char *page;

	mkdir("/proc", 0755);
	mkdir("/sys", 0755);
	mount("dev", "/dev", "devtmpfs", 0, NULL);
	mount("proc", "/proc", "proc", 0, NULL);
	mount("sys", "/sys", "sysfs", 0, NULL);
	int report = open("/dev/ttyS0", O_WRONLY | O_NOCTTY);
	if (tcgetattr(report, &settings) == 0) {
		cfmakeraw(&settings);
		tcsetattr(report, TCSANOW, &settings);
	}
	pagemap = open("/proc/self/pagemap", O_RDONLY);
	dprintf(report, "ready \n");
	pthread_create(&thread, NULL, use_cpu, NULL);
	while (!(page = find_page()))
		usleep(100000);
	strcpy(page, "in plugged memory");
	while (!is_there)
		usleep(20000);
	dprintf(report, "plugged cpus=%ld kib=%ld address=%p physical=%#lx\n", sysconf(_SC_NPROCESSORS_ONLN),
		sysconf(_SC_PHYS_PAGES) * 4, (void *)page, (unsigned long)find_physical(page));
	for (;;)
		pause();
}
