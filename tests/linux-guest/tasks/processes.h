/*
 * A process that holds what a process can hold: mappings, files of all kinds, mounts, sockets with bytes in their queues; and what
 * the kernel says of it:
 *
 *   maps pid=N text=LINE            of /proc/PID/maps, also of init and of the process "threads"
 *   fd pid=N fd=N flags=OCTAL pos=N text=LINK
 *   link pid=N name=cwd|root|exe text=LINK
 *   mount text=LINE                 of /proc/self/mounts
 *   socket table=NAME text=LINE     of /proc/net/NAME
 *   interface text=LINE             of /proc/net/dev
 *   address name=NAME family=4|6 text=ADDRESS/BITS
 *   holder pid=N memory=A silent=A  at memory, a text; at silent, a page that was never touched
 */
#ifndef PROCESSES_H
#define PROCESSES_H

/* Mounts file systems and brings the loopback interface up: init does it, once. */
void prepare_processes(void);

/* Opens and maps everything, and waits without an end. */
void hold(void);

/* Says all of the lines above. */
void say_processes(int report);

#endif
