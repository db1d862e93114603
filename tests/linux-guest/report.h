/*
 * What the guest says about itself, on its first serial line.
 *
 * A line is a word that says what it is about, then NAME=VALUE pairs with one space between. Values hold no space, but
 * that of "text", which is always the last and reaches to the line's end. Numbers are decimal, or hexadecimal with 0x.
 *
 *   begin version=1
 *   kernel text=/proc/version        cmdline text=/proc/cmdline      meltdown text=.../vulnerabilities/meltdown
 *   machine cpus=N nodes=N memory-kib=N uptime-ms=N levels=4|5 pti=0|1
 *                                        levels of page tables; whether user space has tables of its own
 *   iomem depth=N start=A end=A text=NAME                            a line of /proc/iomem; the end is the last byte
 *   node id=N start=A size=N                                         a block of memory of a NUMA node
 *   symbol name=S address=A                                          a line of /proc/kallsyms
 *   segment address=A physical=A size=N                              what /proc/kcore says the kernel maps; physical is none
 *                                                                    where it does not tell
 *   content name=S address=A hex=BYTES                               the kernel's memory, by /proc/kcore
 *   vmcoreinfo-note physical=A size=N    vmcoreinfo text=KEY=VALUE   the note for crash dumps: where it is, what it says
 *   types size=N hash=N                                              the description of the kernel's types, BTF: its size
 *                                                                    and the 64-bit FNV-1a hash of its bytes
 *   function name=S address=A            variable name=S address=A size=N
 *   value text=EXPRESSION = NUMBER                                   C expressions over init's globals
 *   string text=EXPRESSION = CHARACTERS
 *   node-of-list address=A next=A|(nil) index=N weight=N            the nodes of "list", in its order
 *   task pid=N tid=N parent=N text=COMM
 *   space id=N pid=N                                                 an address space: a process of init's
 *   map space=N start=A end=A permissions=S text=NAME                a line of its /proc/PID/maps
 *   run space=N address=A pages=N pfn=N|none page-flags=N            pages of 4 KiB whose frames follow each other, as
 *                                                                    /proc/PID/pagemap and /proc/kpageflags tell them
 *   region space=N name=S address=A size=N
 *   pattern space=N name=S address=A size=N seed=N                   memory whose 8-byte word number i is mix(seed + i)
 *   worker cpu=N space=N tid=N stack-pointer=A fs-base=A gs-base=A thread-local=A thread-value=N
 *   register cpu=N name=S value=N                                    what the worker's registers hold as long as it spins
 *   frame cpu=N level=N function=S cfa=A return=A magic=N            its stack, innermost first: DWARF's canonical frame
 *                                                                    address, the return address, the parameter "magic"
 *   local cpu=N function=S name=S address=A hex=BYTES
 *   spin start=A end=A release=A                                     the loop's code, and the flag it polls
 *   ready lines=N                                                    N lines came before; from here on nothing changes
 *   failed text=WHY                                                  and the guest ends
 */
#ifndef REPORT_H
#define REPORT_H

#include <stddef.h>
#include <stdint.h>

/* Opens the serial line and maps what the report needs, so that reporting changes no page that is reported. */
void report_open(void);

/* Adds a line. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Adds a line of a word and the bytes of memory as hexadecimal digits. */
void say_hex(const char *start, const void *bytes, size_t size);

/* Ends the report and waits until it is sent. */
void report_end(void);

/* Says why and ends the guest. */
void fail(const char *what) __attribute__((noreturn));

/* A whole file's text, at most until the next call; null when it can't be read. */
char *read_file(const char *path);

/* The lines about the machine and its kernel, and of the processes. */
void report_machine(void);
void report_kernel(void);
void report_tasks(void);

/* The lines about the memory of a process: its mappings and the frames behind them. */
void report_memory(int space, int pid);

#endif
