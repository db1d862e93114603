/* An init that keeps the kernel at work: one vCPU goes from system call to system call, the other sleeps most of the time. */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void stay_on(int cpu, const char *name)
{
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(cpu, &cpus);
	sched_setaffinity(0, sizeof cpus, &cpus);
	prctl(PR_SET_NAME, name);
}

static void nap(long nanoseconds)
{
	struct timespec time = { 0, nanoseconds };

	nanosleep(&time, NULL);
}

static void list_root(void)
{
	DIR *root = opendir("/");

	while (root && readdir(root))
		;
	if (root)
		closedir(root);
}

static void touch_memory(void)
{
	size_t size = 1 << 16;
	char *room = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (room != MAP_FAILED) {
		memset(room, 1, size);
		munmap(room, size);
	}
}

static void keep_calling(void)
{
	int pipes[2], sockets[2];
	char text[64];

	stay_on(0, "osprey-calls");
	if (pipe(pipes) || socketpair(AF_UNIX, SOCK_STREAM, 0, sockets))
		exit(1);
	for (;;) {
		struct stat status;
		pid_t child;

		if (write(pipes[1], "through a pipe", 14) != 14 || read(pipes[0], text, sizeof text) != 14)
			exit(2);
		if (write(sockets[1], "a socket", 8) != 8 || read(sockets[0], text, sizeof text) != 8)
			exit(3);
		list_root();
		stat("/proc/self/status", &status);
		touch_memory();
		int file = open("/proc/meminfo", O_RDONLY);
		while (file >= 0 && read(file, text, sizeof text) > 0)
			;
		close(file);
		child = fork();
		if (child == 0)
			_exit(7);
		waitpid(child, NULL, 0);
		nap(2000000);
	}
}

int main(void)
{
	int report;

	mkdir("/proc", 0755);
	mount("proc", "/proc", "proc", 0, NULL);
	if (fork() == 0)
		keep_calling();
	if (fork() == 0) {
		stay_on(1, "osprey-naps");
		for (;;)
			nap(5000000);
	}
	mknod("/dev/ttyS0", S_IFCHR | 0600, makedev(4, 64));
	report = open("/dev/ttyS0", O_WRONLY);
	if (write(report, "ready 1\n", 8) != 8)
		exit(4);
	stay_on(1, "osprey-init");
	for (;;)
		wait(NULL);
}
