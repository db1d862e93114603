/*
 * Locks of the kernel that programs can hold for ever. A write copies its bytes while it holds the pipe's mutex, or the
 * file's read-write semaphore; where they lie in memory that a userfaultfd is to provide, and nobody does, it sleeps there:
 *
 *   pipe-holder   holds the mutex of a pipe, pipe-waiter and pipe-waiter-two wait for it
 *   file-holder   holds the semaphore of a file, file-writer waits for it
 *   pi-holder     holds a futex with priority inheritance, and sleeps; pi-waiter waits for it
 *   dead-exec     executes a program: it holds cred_guard_mutex of its process until its thread dead-thread is collected by
 *                 its tracer, dead-tracer, which waits for that mutex: a deadlock of the kernel
 */
#define _GNU_SOURCE
#include "locks.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

struct shared {
	atomic_uint futex;
	atomic_int dead_pid, dead_thread, is_traced, is_attaching;
};

static struct shared *shared;
static int pipes[2];

/* Memory at whose first touch the kernel waits for somebody to provide it. */
static void *make_awaited(void)
{
	long descriptor = syscall(SYS_userfaultfd, O_CLOEXEC);
	struct uffdio_api api = { .api = UFFD_API };
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct uffdio_register range = { .range = { (uintptr_t)page, 4096 }, .mode = UFFDIO_REGISTER_MODE_MISSING };

	if (descriptor < 0 || ioctl(descriptor, UFFDIO_API, &api) || ioctl(descriptor, UFFDIO_REGISTER, &range))
		_exit(2);
	return page;
}

static void hold_pipe(void)
{
	if (write(pipes[1], make_awaited(), 100) < 0)
		_exit(3);
}

static void wait_for_held_pipe(void)
{
	char byte;

	if (read(pipes[0], &byte, 1) < 0)
		_exit(3);
}

static void hold_file(void)
{
	int file = open("/held", O_WRONLY | O_CREAT, 0600);

	if (write(file, make_awaited(), 100) < 0)
		_exit(3);
}

static void wait_for_file(void)
{
	int file = open("/held", O_WRONLY | O_CREAT, 0600);

	if (write(file, "x", 1) < 0)
		_exit(3);
}

static void hold_futex(void)
{
	syscall(SYS_futex, &shared->futex, FUTEX_LOCK_PI, 0, NULL, NULL, 0);
	for (;;)
		pause();
}

static void wait_for_held_futex(void)
{
	syscall(SYS_futex, &shared->futex, FUTEX_LOCK_PI, 0, NULL, NULL, 0);
}

static void *be_traced(void *unused)
{
	(void)unused;
	prctl(PR_SET_NAME, "dead-thread");
	ptrace(PTRACE_TRACEME, 0, NULL, NULL);
	shared->dead_thread = (int)syscall(SYS_gettid);
	for (;;)
		pause();
	return NULL;
}

static void execute(void)
{
	pthread_t thread;

	shared->dead_pid = getpid();
	pthread_create(&thread, NULL, be_traced, NULL);
	while (!shared->is_traced)
		usleep(10000);
	execl("/init", "init", NULL);
	_exit(4);
}

/* Tells whether a process waits for its threads, which end as it executes a program. */
static int is_waiting(int pid)
{
	char path[32], text[256] = "";

	snprintf(path, sizeof path, "/proc/%d/stat", pid);
	int file = open(path, O_RDONLY);
	if (file >= 0) {
		text[read(file, text, sizeof text - 1) > 0 ? sizeof text - 1 : 0] = '\0';
		close(file);
	}
	return strstr(text, ") D ") != NULL;
}

/* The thread's tracer is its process's parent: that is this one. */
static void trace(void)
{
	if (fork() == 0) {
		prctl(PR_SET_NAME, "dead-exec");
		execute();
	}
	while (!shared->dead_thread)
		usleep(10000);
	shared->is_traced = 1;
	while (!is_waiting(shared->dead_pid))
		usleep(10000);
	shared->is_attaching = 1;
	ptrace(PTRACE_ATTACH, shared->dead_pid, NULL, NULL);
	for (;;)
		pause();
}

void make_lock_waiters(void (*start)(const char *, void (*)(void), char))
{
	shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED || pipe(pipes))
		_exit(1);
	start("pipe-holder", hold_pipe, 'S');
	start("pipe-waiter", wait_for_held_pipe, 'D');
	start("pipe-waiter-two", wait_for_held_pipe, 'D');
	start("file-holder", hold_file, 'S');
	start("file-writer", wait_for_file, 'D');
	start("pi-holder", hold_futex, 'S');
	start("pi-waiter", wait_for_held_futex, 'S');
	start("dead-tracer", trace, 'S');
	for (int i = 0; i < 1000 && !shared->is_attaching; i++)
		usleep(10000);
}
