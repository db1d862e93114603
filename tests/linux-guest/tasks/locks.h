/* Tasks that hold locks of the kernel for ever, tasks that wait for them, and what the kernel counts. */
#ifndef LOCKS_H
#define LOCKS_H

/* Makes the tasks, each with start(name, function, state). */
void make_lock_waiters(void (*start)(const char *, void (*)(void), char));

/* Makes a control group with a process of its own. */
void make_group(void (*start)(const char *, void (*)(void), char));

/* Writes files of /proc: "count FILE LINE" for each line. */
void say_counters(int report);

#endif
