/*
 * An init that makes tasks in every state that lasts, and says what /proc tells of each task of the guest:
 *
 *   task tid=N pid=N parent=N state=LETTER priority=N nice=N realtime=N policy=N cpu=N switches=N preemptions=N
 *        kernel=0|1 wchan=FUNCTION text=NAME
 *   member tid=N vsize=N rss=N group=PATH text=SPACES    its process's bytes and pages, its control group, and its namespaces
 *   mark address=A                  where the memory of each process that it made has the process's number
 *   count FILE LINE                 lines of files in /proc
 *   and what processes.h tells of a process that holds much
 *
 * From "ready" on, those that it made do not change; the spinning ones take turns on the last vCPU.
 */
#define _GNU_SOURCE
#include "locks.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/poll.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "processes.h"

#define KERNEL_THREAD 0x00200000

static int report;
static int empty_pipe[2];
static volatile int word;
static volatile int mark; /* the number of the process, in its own memory */

static char *read_text(char *text, size_t size, const char *format, ...)
{
	char path[128];
	va_list arguments;
	ssize_t count = -1;

	va_start(arguments, format);
	vsnprintf(path, sizeof path, format, arguments);
	va_end(arguments);
	int file = open(path, O_RDONLY);
	if (file >= 0) {
		count = read(file, text, size - 1);
		close(file);
	}
	text[count > 0 ? count : 0] = '\0';
	return count > 0 ? text : NULL;
}

static long find_number(const char *text, const char *name)
{
	const char *found = text ? strstr(text, name) : NULL;

	return found ? atol(found + strlen(name)) : -1;
}

static void say_membership(int pid, long vsize, long rss)
{
	static const char *const kinds[] = { "cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts" };
	char path[64], link[64], groups[4096], spaces[512] = "";
	char *group = read_text(groups, sizeof groups, "/proc/%d/cgroup", pid) ? strstr(groups, "0::") : NULL;

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		snprintf(path, sizeof path, "/proc/%d/ns/%s", pid, kinds[i]);
		ssize_t length = readlink(path, link, sizeof link - 1);

		if (length > 0) {
			link[length] = '\0';
			strcat(strcat(spaces, " "), link);
		}
	}
	if (group)
		group[strcspn(group, "\n")] = '\0';
	dprintf(report, "member tid=%d vsize=%ld rss=%ld group=%s text=%s\n", pid, vsize, rss, group ? group + 3 : "", spaces);
}

static void say_task(int pid, int tid)
{
	char stat[1024], status[4096], wchan[128];
	long fields[64] = { 0 };

	if (!read_text(stat, sizeof stat, "/proc/%d/task/%d/stat", pid, tid))
		return;
	char *name = strchr(stat, '('), *end = strrchr(stat, ')');
	if (!name || !end)
		return;
	*end = '\0';
	char state = end[2], *next = end + 3;
	for (int field = 4; field < 53 && *next; field++)
		fields[field] = strtol(next, &next, 10);
	read_text(status, sizeof status, "/proc/%d/task/%d/status", pid, tid);
	read_text(wchan, sizeof wchan, "/proc/%d/task/%d/wchan", pid, tid);
	long voluntary = find_number(status, "\nvoluntary_ctxt_switches:\t");
	long preemptions = find_number(status, "nonvoluntary_ctxt_switches:\t");
	dprintf(report, "task tid=%d pid=%d parent=%ld state=%c priority=%ld nice=%ld realtime=%ld policy=%ld cpu=%ld switches=%ld "
		"preemptions=%ld kernel=%d wchan=%s text=%s\n", tid, pid, fields[4], state, fields[18], fields[19], fields[40], fields[41],
		fields[39], voluntary + preemptions, preemptions, (fields[9] & KERNEL_THREAD) != 0, wchan[0] ? wchan : "0", name + 1);
	if (pid == tid && state != 'Z')
		say_membership(pid, fields[23], fields[24]);
}

static void say_tasks(void)
{
	DIR *processes = opendir("/proc"), *threads;
	struct dirent *process, *thread;
	char path[64];

	while (processes && (process = readdir(processes))) {
		int pid = atoi(process->d_name);

		snprintf(path, sizeof path, "/proc/%d/task", pid);
		threads = pid > 0 ? opendir(path) : NULL;
		while (threads && (thread = readdir(threads)))
			if (atoi(thread->d_name) > 0)
				say_task(pid, atoi(thread->d_name));
		if (threads)
			closedir(threads);
	}
	if (processes)
		closedir(processes);
}

static void wait_for_pipe(void)
{
	char byte;

	while (read(empty_pipe[0], &byte, 1) != 0)
		;
}

static void wait_for_futex(void)
{
	for (;;)
		syscall(SYS_futex, &word, FUTEX_WAIT, 0, NULL, NULL, 0);
}

static void wait_for_poll(void)
{
	struct pollfd file = { .fd = empty_pipe[0], .events = POLLIN };

	for (;;)
		poll(&file, 1, -1);
}

static void wait_for_child(void)
{
	if (fork() == 0) {
		prctl(PR_SET_NAME, "waited-for");
		for (;;)
			pause();
	}
	for (;;)
		wait(NULL);
}

static void wait_for_signal(void)
{
	for (;;)
		pause();
}

static void sleep_long(void)
{
	for (;;)
		sleep(1000000);
}

static void end(void)
{
	_exit(0);
}

static void stop(void)
{
	for (;;)
		raise(SIGSTOP);
}

static void stop_for_tracer(void)
{
	ptrace(PTRACE_TRACEME, 0, NULL, NULL);
	stop();
}

/* The parent of a vfork can't be interrupted before the child ends. */
static void wait_for_vfork(void)
{
	if (vfork() == 0) {
		for (;;)
			pause();
	}
}

static void be_first_in_first_out(void)
{
	struct sched_param parameter = { .sched_priority = 7 };

	sched_setscheduler(0, SCHED_FIFO, &parameter);
	wait_for_signal();
}

static void be_batch(void)
{
	struct sched_param parameter = { 0 };

	sched_setscheduler(0, SCHED_BATCH, &parameter);
	setpriority(PRIO_PROCESS, 0, 5);
	wait_for_signal();
}

static void isolate(void)
{
	unshare(CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWPID);
	if (fork() == 0)
		prctl(PR_SET_NAME, "isolated-child");
	wait_for_signal();
}

static void spin(void)
{
	for (;;)
		__asm__ volatile("pause");
}

static void *name_thread(void *name)
{
	prctl(PR_SET_NAME, name);
	wait_for_pipe();
	return NULL;
}

static void make_threads(void)
{
	static char *names[] = { "thread-one", "thread-two", "thread-three" };
	pthread_t thread;

	for (int i = 0; i < 3; i++)
		pthread_create(&thread, NULL, name_thread, names[i]);
	wait_for_signal();
}

static void start(const char *name, void (*run)(void), char state)
{
	char stat[1024];
	int pid = fork();

	if (pid == 0) {
		prctl(PR_SET_NAME, name);
		mark = getpid();
		run();
		_exit(1);
	}
	for (int i = 0; i < 2000; i++) {
		char *end = read_text(stat, sizeof stat, "/proc/%d/stat", pid) ? strrchr(stat, ')') : NULL;

		if (end && end[2] == state && strstr(stat, name))
			break;
		usleep(10000);
	}
}

int main(void)
{
	struct termios settings;
	cpu_set_t cpus;

	mkdir("/dev", 0755);
	mkdir("/proc", 0755);
	mount("dev", "/dev", "devtmpfs", 0, NULL);
	if (mount("proc", "/proc", "proc", 0, NULL) || pipe(empty_pipe))
		return 1;
	report = open("/dev/ttyS0", O_WRONLY | O_NOCTTY | O_CLOEXEC);
	if (tcgetattr(report, &settings) == 0) {
		cfmakeraw(&settings);
		tcsetattr(report, TCSANOW, &settings);
	}
	prepare_processes();
	start("pipe-reader", wait_for_pipe, 'S');
	start("futex-waiter", wait_for_futex, 'S');
	start("poller", wait_for_poll, 'S');
	start("sleeper", sleep_long, 'S');
	start("pauser", wait_for_signal, 'S');
	start("parent", wait_for_child, 'S');
	start("zombie", end, 'Z');
	start("stopped", stop, 'T');
	start("traced", stop_for_tracer, 't');
	start("vforker", wait_for_vfork, 'D');
	start("fifo", be_first_in_first_out, 'S');
	start("batch", be_batch, 'S');
	start("threads", make_threads, 'S');
	start("od) (d na me", wait_for_signal, 'S');
	start("isolated", isolate, 'S');
	make_lock_waiters(start);
	make_group(start);
	start("holder", hold, 'S');

	CPU_ZERO(&cpus);
	CPU_SET((int)sysconf(_SC_NPROCESSORS_ONLN) - 1, &cpus);
	sched_setaffinity(0, sizeof cpus, &cpus);
	start("spinner-one", spin, 'R');
	start("spinner-two", spin, 'R');
	CPU_ZERO(&cpus);
	CPU_SET(0, &cpus);
	sched_setaffinity(0, sizeof cpus, &cpus);
	sleep(1);
	say_tasks();
	say_counters(report);
	say_processes(report);
	dprintf(report, "mark address=%p\nready \n", (void *)&mark);
	for (;;)
		pause();
}
