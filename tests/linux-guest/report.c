/* The report's lines, and the files they are made of. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/reboot.h>
#include <termios.h>
#include <unistd.h>

#include "report.h"

static int serial = -1;
static unsigned long lines;
static size_t used;
static char pending[32 * 1024];
static char file_text[256 * 1024];

void report_open(void)
{
	struct termios mode;

	serial = open("/dev/ttyS0", O_WRONLY | O_NOCTTY);
	if (serial < 0)
		fail("/dev/ttyS0");
	if (tcgetattr(serial, &mode) == 0) {
		cfmakeraw(&mode);
		cfsetspeed(&mode, B115200);
		tcsetattr(serial, TCSANOW, &mode);
	}
	memset(file_text, 1, sizeof file_text);
	say("begin version=1");
}

static void flush(void)
{
	for (size_t sent = 0; sent < used;) {
		ssize_t count = write(serial, pending + sent, used - sent);

		if (count < 0 && errno != EINTR)
			break;
		sent += count > 0 ? (size_t)count : 0;
	}
	used = 0;
}

static void append(const char *text, size_t size)
{
	if (used + size > sizeof pending)
		flush();
	memcpy(pending + used, text, size);
	used += size;
}

void say(const char *format, ...)
{
	char line[1024];
	va_list arguments;

	va_start(arguments, format);
	int size = vsnprintf(line, sizeof line, format, arguments);
	va_end(arguments);
	if (size >= (int)sizeof line)
		size = sizeof line - 1;
	append(line, size);
	append("\n", 1);
	lines++;
}

void say_hex(const char *start, const void *bytes, size_t size)
{
	char digits[2 * 256 + 1];

	if (size > 256)
		fail("say_hex");
	for (size_t i = 0; i < size; i++)
		snprintf(digits + 2 * i, 3, "%02x", ((const uint8_t *)bytes)[i]);
	say("%s hex=%s", start, digits);
}

void report_end(void)
{
	say("ready lines=%lu", lines);
	flush();
	tcdrain(serial);
}

void fail(const char *what)
{
	int error = errno;

	if (serial >= 0) {
		say("failed text=%s: %s", what, strerror(error));
		flush();
		tcdrain(serial);
	}
	dprintf(2, "init: %s: %s\n", what, strerror(error));
	reboot(RB_AUTOBOOT);
	for (;;)
		pause();
}

char *read_file(const char *path)
{
	int file = open(path, O_RDONLY | O_CLOEXEC);
	size_t size = 0;
	ssize_t count;

	if (file < 0)
		return NULL;
	while (size < sizeof file_text - 1 && (count = read(file, file_text + size, sizeof file_text - 1 - size)) > 0)
		size += (size_t)count;
	close(file);
	file_text[size] = 0;
	return file_text;
}
