/* The report's lines about a process's memory: its mappings, and the frames behind their pages. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "report.h"
#include "worker.h"

/* The largest mapping whose pages are looked at; larger ones are told, without pages. */
enum { MAX_PAGES = 16 * 1024, CHUNK = 512 };

static const uint64_t present = 1ULL << 63, frame_bits = (1ULL << 55) - 1;

static void say_run(int space, uint64_t address, uint64_t pages, uint64_t frame, uint64_t flags)
{
	if (!pages)
		return;
	if (frame)
		say("run space=%d address=0x%" PRIx64 " pages=%" PRIu64 " pfn=0x%" PRIx64 " page-flags=0x%" PRIx64, space, address, pages, frame, flags);
	else
		say("run space=%d address=0x%" PRIx64 " pages=%" PRIu64 " pfn=none page-flags=0x0", space, address, pages);
}

static void report_pages(int space, int pagemap, int page_flags, uint64_t start, uint64_t end)
{
	uint64_t entries[CHUNK], run_start = start, run_frame = 0, run_flags = 0, run_pages = 0;

	for (uint64_t address = start; address < end;) {
		uint64_t count = (end - address) / PAGE < CHUNK ? (end - address) / PAGE : CHUNK;

		if (pread(pagemap, entries, count * 8, (off_t)(address / PAGE * 8)) != (ssize_t)count * 8)
			fail("pagemap");
		for (uint64_t i = 0; i < count; i++, address += PAGE) {
			uint64_t frame = entries[i] & present ? entries[i] & frame_bits : 0, flags = 0;

			if (frame && pread(page_flags, &flags, 8, (off_t)(frame * 8)) != 8)
				flags = 0;
			/* What changes as pages are looked at and aged says nothing about where they are: referenced, LRU, active. */
			flags &= ~(1ULL << 2 | 1ULL << 5 | 1ULL << 6);
			if (run_pages && flags == run_flags && (frame ? run_frame && frame == run_frame + run_pages : !run_frame)) {
				run_pages++;
				continue;
			}
			say_run(space, run_start, run_pages, run_frame, run_flags);
			run_start = address;
			run_frame = frame;
			run_flags = flags;
			run_pages = 1;
		}
	}
	say_run(space, run_start, run_pages, run_frame, run_flags);
}

void report_memory(int space, int pid)
{
	char path[64], *rest = NULL;

	say("space id=%d pid=%d", space, pid);
	snprintf(path, sizeof path, "/proc/%d/pagemap", pid);
	int pagemap = open(path, O_RDONLY | O_CLOEXEC), page_flags = open("/proc/kpageflags", O_RDONLY | O_CLOEXEC);
	if (pagemap < 0 || page_flags < 0)
		fail("pagemap");

	snprintf(path, sizeof path, "/proc/%d/maps", pid);
	char *text = read_file(path);
	for (char *line = text ? strtok_r(text, "\n", &rest) : NULL; line; line = strtok_r(NULL, "\n", &rest)) {
		uint64_t start, end;
		char permissions[5], name[128] = "";

		if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %4s %*s %*s %*s %127[^\n]", &start, &end, permissions, name) < 3)
			continue;
		say("map space=%d start=0x%" PRIx64 " end=0x%" PRIx64 " permissions=%s text=%s", space, start, end, permissions, name);
		if (start >> 63 == 0 && (end - start) / PAGE <= MAX_PAGES)
			report_pages(space, pagemap, page_flags, start, end);
	}
	close(pagemap);
	close(page_flags);
}
