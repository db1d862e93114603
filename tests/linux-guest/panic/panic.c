/*
 * An init that says "ready", and then has the kernel panic: it writes c to /proc/sysrq-trigger.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void)
{
	mkdir("/dev", 0755);
	mkdir("/proc", 0755);
	mount("dev", "/dev", "devtmpfs", 0, NULL);
	mount("proc", "/proc", "proc", 0, NULL);
	int report = open("/dev/ttyS0", O_WRONLY | O_NOCTTY);
	int trigger = open("/proc/sysrq-trigger", O_WRONLY);

	dprintf(report, "ready \n");
	fsync(report);
	sleep(1);
	if (write(trigger, "c", 1) < 0)
		dprintf(report, "no sysrq\n");
	for (;;)
		pause();
}
