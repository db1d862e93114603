/*
 * An init whose guest makes and ends tasks all the time, beside some that stay:
 *
 *   steady tid=N pid=N name=NAME    a task that is there from "ready" to the end: "steady-N", and two threads of each
 *
 * Three processes, "forker", fork as fast as they can: children that end at once, that fork again, that have threads, and
 * that are left for init to collect. All of these are called "fleeting".
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define PROCESSES 20
#define THREADS 2
#define FORKERS 3

static int report;

static void say_self(const char *name)
{
	prctl(PR_SET_NAME, name);
	dprintf(report, "steady tid=%ld pid=%d name=%s\n", syscall(SYS_gettid), getpid(), name);
}

static void *stay(void *done)
{
	say_self("steady-thread");
	if (write(*(int *)done, "x", 1) < 0)
		_exit(2);
	for (;;)
		pause();
	return NULL;
}

static void be_steady(int number, int *done)
{
	pthread_t thread;
	char name[16];

	snprintf(name, sizeof name, "steady-%d", number);
	say_self(name);
	for (int i = 0; i < THREADS; i++)
		pthread_create(&thread, NULL, stay, done);
	for (;;)
		pause();
}

static void *end_thread(void *unused)
{
	return unused;
}

static void fork_for_ever(int kind)
{
	pthread_t thread;

	for (;;) {
		int pid = fork();

		if (pid == 0) {
			prctl(PR_SET_NAME, "fleeting");
			if (kind == 1 && pthread_create(&thread, NULL, end_thread, NULL) == 0)
				pthread_join(thread, NULL);
			if (kind == 2 && fork() > 0)
				usleep(100); /* the child of this one is left to init */
			_exit(0);
		}
		while (waitpid(-1, NULL, pid < 0 ? 0 : WNOHANG) > 0)
			;
	}
}

int main(void)
{
	struct termios settings;
	int done[2];
	char byte;

	mkdir("/dev", 0755);
	mkdir("/proc", 0755);
	mount("dev", "/dev", "devtmpfs", 0, NULL);
	if (mount("proc", "/proc", "proc", 0, NULL) || pipe(done))
		return 1;
	report = open("/dev/ttyS0", O_WRONLY | O_NOCTTY | O_CLOEXEC);
	if (tcgetattr(report, &settings) == 0) {
		cfmakeraw(&settings);
		tcsetattr(report, TCSANOW, &settings);
	}
	prctl(PR_SET_NAME, "init");
	for (int i = 0; i < PROCESSES; i++) {
		if (fork() == 0)
			be_steady(i, &done[1]);
		for (int thread = 0; thread < THREADS; thread++)
			if (read(done[0], &byte, 1) != 1)
				return 1;
	}
	for (int kind = 0; kind < FORKERS; kind++)
		if (fork() == 0) {
			prctl(PR_SET_NAME, "forker");
			fork_for_ever(kind);
		}
	sleep(1);
	dprintf(report, "ready \n");
	for (;;)
		if (wait(NULL) < 0)
			sleep(1);
}
