/* A control group whose one process has some memory, and a limit that is far. */
#include "locks.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#define GROUP "/group/leaky"

static void put(const char *path, const char *text)
{
	int file = open(path, O_WRONLY);

	if (file < 0 || write(file, text, strlen(text)) < 0)
		dprintf(2, "%s can't be written\n", path);
	if (file >= 0)
		close(file);
}

static void use_memory(void)
{
	size_t size = 8 << 20;
	char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	put(GROUP "/cgroup.procs", "0");
	memset(memory, 1, size);
	for (;;)
		pause();
}

void make_group(void (*start)(const char *, void (*)(void), char))
{
	mkdir("/group", 0755);
	if (mount("cgroup2", "/group", "cgroup2", 0, NULL))
		return;
	put("/group/cgroup.subtree_control", "+memory");
	mkdir(GROUP, 0755);
	put(GROUP "/memory.max", "67108864");
	start("group-member", use_memory, 'S');
	/* It sleeps while it waits for the group, too. */
	for (int i = 0; i < 500; i++) {
		char text[32] = "";
		int file = open(GROUP "/memory.current", O_RDONLY);

		if (file >= 0) {
			if (read(file, text, sizeof text - 1) < 0)
				text[0] = '\0';
			close(file);
		}
		long used = 0;
		if (sscanf(text, "%ld", &used) == 1 && used >= 8 << 20)
			break;
		usleep(10000);
	}
}
