/* What the kernel counts, as its own files tell it. */
#include "locks.h"

#include <stdio.h>
#include <string.h>

static const char *const files[] = {
	"/proc/meminfo", "/proc/zoneinfo", "/proc/slabinfo", "/proc/interrupts", "/proc/softirqs", "/proc/cpuinfo", "/proc/timer_list",
	"/group/leaky/memory.current",
};

void say_counters(int report)
{
	char line[1024];

	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		FILE *file = fopen(files[i], "r");
		while (file && fgets(line, sizeof line, file))
			if (strcspn(line, "\n") > 0)
				dprintf(report, "count %s %s", strrchr(files[i], '/') + 1, line);
		if (file)
			fclose(file);
	}
}
