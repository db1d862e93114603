/*
 * An init that writes to a disk in two ways and tells on the first serial line how each write ended. "alloc" writes a
 * block into a cluster of 64 KiB that nobody wrote before, so that the disk's image must grow; "plain" writes the
 * first block of the disk over and over. Each has a thread of its own and is told apart by its name.
 *
 *   ready            the disk is there
 *   ready alloc N E  the Nth such write ended with errno E, 0 for none
 *   ready plain N E
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

#define BLOCK 4096
#define CLUSTER 65536

/* In an order in which each finds what it needs. */
static const char *const modules[] = {
	"virtio_ring", "virtio", "virtio_pci_legacy_dev", "virtio_pci_modern_dev", "virtio_pci", "scsi_common", "scsi_mod", "virtio_scsi", "sd_mod",
};

static int report;
static int disk;

static void load_modules(void)
{
	for (size_t i = 0; i < sizeof modules / sizeof modules[0]; i++) {
		char path[64];

		snprintf(path, sizeof path, "/modules/%s.ko", modules[i]);
		int file = open(path, O_RDONLY | O_CLOEXEC);

		if (file < 0 || syscall(SYS_finit_module, file, "", 0))
			dprintf(2, "init: %s can't be loaded\n", path);
		close(file);
	}
}

static int write_block(off_t offset)
{
	void *block = NULL;
	int error = 0;

	if (posix_memalign(&block, BLOCK, BLOCK))
		return ENOMEM;
	memset(block, 'x', BLOCK);
	if (pwrite(disk, block, BLOCK, offset) != BLOCK)
		error = errno ? errno : EIO;
	free(block);
	return error;
}

static void say(const char *kind, int number, int error)
{
	char line[64];
	int size = snprintf(line, sizeof line, "ready %s %d %d\n", kind, number, error);

	/* In one piece, as there are two threads. */
	if (write(report, line, (size_t)size) < 0)
		exit(1);
}

static void *write_plain(void *unused)
{
	(void)unused;
	prctl(PR_SET_NAME, "plain-writer");
	for (int i = 1;; i++) {
		errno = 0;
		say("plain", i, write_block(0));
		usleep(100 * 1000);
	}
	return NULL;
}

static void write_new(void)
{
	prctl(PR_SET_NAME, "alloc-writer");
	for (int i = 1;; i++) {
		errno = 0;
		say("alloc", i, write_block((off_t)i * CLUSTER + 2 * BLOCK));
		usleep(150 * 1000);
	}
}

int main(void)
{
	struct termios settings;
	pthread_t thread;

	mkdir("/dev", 0755);
	mount("dev", "/dev", "devtmpfs", 0, NULL);
	report = open("/dev/ttyS0", O_WRONLY | O_NOCTTY);
	tcgetattr(report, &settings);
	cfmakeraw(&settings);
	tcsetattr(report, TCSANOW, &settings);
	load_modules();
	for (int i = 0; (disk = open("/dev/sda", O_RDWR | O_DIRECT | O_CLOEXEC)) < 0; i++) {
		if (i > 600) {
			dprintf(report, "no disk: %s\n", strerror(errno));
			return 1;
		}
		usleep(100 * 1000);
	}
	dprintf(report, "ready\n");
	/* The first write of the plain ones allocates its cluster. */
	if (write_block(0))
		dprintf(2, "init: the first write failed\n");
	pthread_create(&thread, NULL, write_plain, NULL);
	write_new();
}
