/* Comes by a probe in threads, forks, children of vfork and posix_spawn, with signals meanwhile. It prints how often it
 * came by in its own process, and fails when a child or a signal was harmed. */
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include "sdt.h"

SDT_SEMAPHORE(hit_semaphore);

static volatile sig_atomic_t signals;
static volatile int hits;
static int copied; /* forks whose semaphore was left raised */

static void on_signal(int number) { signals += number == SIGUSR1; }

static __attribute__((noinline)) void hit(int number)
{
    SDT_GUARDED("f", "hit", hit_semaphore, "-4@%k0", "r"(number));
    __atomic_add_fetch(&hits, 1, __ATOMIC_RELAXED);
}

static void *run(void *value)
{
    for (int i = 0; i < 200; i++)
        hit((int)(long)value);

    return value;
}

static int check(pid_t child)
{
    int status;
    if (waitpid(child, &status, 0) != child || !WIFEXITED(status))
        return 1;

    copied += WEXITSTATUS(status) == 8;
    return WEXITSTATUS(status) != 7 && WEXITSTATUS(status) != 8;
}

extern char **environ;

int main(void)
{
    char line[64];
    signal(SIGUSR1, on_signal);
    setvbuf(stdout, NULL, _IOLBF, 0);
    puts("ready");
    while (fgets(line, sizeof line, stdin)) {
        pthread_t threads[4];
        int bad = 0;
        hits = 0;
        signals = 0;
        copied = 0;
        for (long i = 0; i < 4; i++)
            pthread_create(&threads[i], NULL, run, (void *)i);

        for (int i = 0; i < 5; i++) {
            pid_t child = fork();
            if (child == 0) {
                /* A breakpoint that is left in the copy would end it here. */
                hit(1000);
                _exit(hit_semaphore == 0 ? 7 : 8);
            }

            bad += check(child);
            kill(getpid(), SIGUSR1);
        }

        char *arguments[] = {"sh", "-c", "exit 7", NULL};
        pid_t spawned;
        bad += posix_spawn(&spawned, "/bin/sh", NULL, NULL, arguments, environ) != 0 || check(spawned);
        pid_t child = vfork();
        if (child == 0) {
            execl("/bin/sh", "sh", "-c", "exit 7", (char *)NULL);
            _exit(1);
        }

        bad += check(child);
        for (int i = 0; i < 4; i++)
            pthread_join(threads[i], NULL);

        printf("hits %d signals %d bad %d semaphore %d copied %d\n", hits, signals, bad, hit_semaphore, copied);
        puts("done");
    }

    return 0;
}
