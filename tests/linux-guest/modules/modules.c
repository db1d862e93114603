/*
 * An init that loads modules of the distribution and writes messages into the kernel's log. Then it tells on the first
 * serial line what the kernel says of both: each file after a line "file NAME", and the end after "ready". It spins on
 * the first vCPU, so that the page tables of that are those of a process.
 *
 *   file kmsg       the records of /dev/kmsg
 *   file syslog     the log as syslog(2) has it
 *   file modules    /proc/modules
 *   file symbols    the lines of /proc/kallsyms that name a module
 *   file cmdline    /proc/cmdline
 *   file version    /proc/version
 *   file build-ids  a line for each module: its name and the bytes of its GNU build-id
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

/* In an order in which each finds what it needs; those that the image has not are left out. */
static const char *const modules[] = { "crc7", "dummy", "lz4hc_compress", "lz4hc" };

static const char *const messages[] = {
	"<0>osprey: an emergency",
	"<3>osprey: an error",
	"<12>osprey: a warning of a program",
	"<30>osprey: facility daemon, level info",
	"<7>osprey: debugging",
	"<5>osprey: the first line\nosprey: the second line",
	"<6>osprey: a tab \t, a letter \xc3\xa4, an escape \x1b[31m, a backslash \\",
};

static const char dots[] = "..................................................";
static int report;
static char text[4 << 20];

static void write_setting(const char *path, const char *value)
{
	FILE *file = fopen(path, "w");

	if (file) {
		fputs(value, file);
		fclose(file);
	}
}

static void load_modules(void)
{
	for (size_t i = 0; i < sizeof modules / sizeof modules[0]; i++) {
		char path[64];

		snprintf(path, sizeof path, "/modules/%s.ko", modules[i]);
		int file = open(path, O_RDONLY | O_CLOEXEC);

		if (file >= 0 && syscall(SYS_finit_module, file, "", 0))
			dprintf(2, "init: %s can't be loaded\n", path);
		close(file);
	}
}

static void write_messages(void)
{
	int log = open("/dev/kmsg", O_WRONLY);

	/* Enough to write the oldest records over. */
	for (int i = 0; i < 3000; i++) {
		int size = snprintf(text, sizeof text, "<7>osprey: filler %d %.*s", i, i % 50, dots);

		if (write(log, text, (size_t)size) < 0)
			dprintf(2, "init: /dev/kmsg can't be written\n");
	}
	for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++)
		if (write(log, messages[i], strlen(messages[i])) < 0)
			dprintf(2, "init: /dev/kmsg can't be written\n");
	close(log);
}

static void copy(const char *name, const char *path, const char *wanted)
{
	FILE *file = fopen(path, "r");

	dprintf(report, "file %s\n", name);
	while (file && fgets(text, sizeof text, file))
		if (!wanted || strstr(text, wanted))
			dprintf(report, "%s", text);
	if (file)
		fclose(file);
}

static void copy_log(void)
{
	int log = open("/dev/kmsg", O_RDONLY | O_NONBLOCK);
	ssize_t size;

	/* A record a read. */
	dprintf(report, "file kmsg\n");
	while ((size = read(log, text, sizeof text)) > 0)
		dprintf(report, "%.*s", (int)size, text);
	close(log);
	size = klogctl(3, text, sizeof text);
	dprintf(report, "file syslog\n%.*s\n", size < 0 ? 0 : (int)size, text);
}

static void copy_build_ids(void)
{
	dprintf(report, "file build-ids\n");
	for (size_t i = 0; i < sizeof modules / sizeof modules[0]; i++) {
		char path[96];
		unsigned char note[64];

		snprintf(path, sizeof path, "/sys/module/%s/notes/.note.gnu.build-id", modules[i]);
		int file = open(path, O_RDONLY | O_CLOEXEC);
		ssize_t size = file < 0 ? 0 : read(file, note, sizeof note);

		/* Sizes and type, 12 bytes, and the name "GNU" come first. */
		if (size > 16) {
			dprintf(report, "%s ", modules[i]);
			for (ssize_t at = 16; at < size; at++)
				dprintf(report, "%02x", note[at]);
			dprintf(report, "\n");
		}
		close(file);
	}
}

int main(void)
{
	struct termios settings;
	cpu_set_t cpus;

	mkdir("/dev", 0755);
	mkdir("/proc", 0755);
	mkdir("/sys", 0755);
	mount("dev", "/dev", "devtmpfs", 0, NULL);
	if (mount("proc", "/proc", "proc", 0, NULL) || mount("sys", "/sys", "sysfs", 0, NULL))
		return 1;
	write_setting("/proc/sys/kernel/kptr_restrict", "0");
	write_setting("/proc/sys/kernel/printk_devkmsg", "on\n");
	CPU_ZERO(&cpus);
	CPU_SET(0, &cpus);
	sched_setaffinity(0, sizeof cpus, &cpus);
	report = open("/dev/ttyS0", O_WRONLY | O_NOCTTY);
	if (report < 0)
		return 2;
	if (tcgetattr(report, &settings) == 0) {
		cfmakeraw(&settings);
		tcsetattr(report, TCSANOW, &settings);
	}
	load_modules();
	write_messages();
	copy_log();
	copy("modules", "/proc/modules", NULL);
	copy("symbols", "/proc/kallsyms", "\t[");
	copy("cmdline", "/proc/cmdline", NULL);
	copy("version", "/proc/version", NULL);
	copy_build_ids();
	dprintf(report, "ready \n");
	for (;;)
		__asm__ volatile("pause");
}
