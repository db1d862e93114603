/* The memory that the report tells of: patterns in pages of every kind. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "probe.h"
#include "report.h"
#include "worker.h"

static void add(struct worker *worker, const char *name, void *start, uint64_t size, int filled)
{
	struct region *region = &worker->regions[worker->region_count];
	uint64_t seed = filled ? mix((uint64_t)worker->space << 32 | (uint64_t)worker->region_count) : 0;

	if (++worker->region_count > MAX_REGIONS)
		fail("MAX_REGIONS");
	*region = (struct region){ name, (uint64_t)start, size, seed };
	for (uint64_t i = 0; filled && i < size / 8; i++)
		((uint64_t *)start)[i] = mix(seed + i);
}

static void *map(void *hint, uint64_t size, int flags)
{
	void *start = mmap(hint, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);

	return start == MAP_FAILED ? NULL : start;
}

static void *map_or_fail(uint64_t size)
{
	void *start = map(NULL, size, 0);

	if (!start)
		fail("mmap");
	return start;
}

/* A huge page of either kind; there is none where the kernel gives none. */
static void make_huge(struct worker *worker)
{
	char *wide = map(NULL, 2 * HUGE, 0), *start = map(NULL, HUGE, MAP_HUGETLB);

	if (start)
		add(worker, "hugetlb", start, HUGE, 1);
	if (!wide)
		return;
	start = (char *)(((uint64_t)wide + HUGE - 1) & -(uint64_t)HUGE);
	if (start > wide)
		munmap(wide, (size_t)(start - wide));
	if (start + HUGE < wide + 2 * HUGE)
		munmap(start + HUGE, (size_t)(wide + HUGE - start));
	madvise(start, HUGE, MADV_HUGEPAGE);
	add(worker, "transparent", start, HUGE, 1);
}

void make_regions(struct worker *worker)
{
	char *start;
	int file;

	add(worker, "pattern", pattern, sizeof pattern, 1);
	start = malloc(5 * PAGE);
	if (!start)
		fail("malloc");
	add(worker, "heap", start, 5 * PAGE, 1);
	make_huge(worker);

	start = map_or_fail(6 * PAGE);
	add(worker, "readonly", start, 6 * PAGE, 1);
	mprotect(start, 6 * PAGE, PROT_READ);

	/* The pages stay, but a CPU finds them not present. */
	start = map_or_fail(4 * PAGE);
	add(worker, "noaccess", start, 4 * PAGE, 1);
	mprotect(start, 4 * PAGE, PROT_NONE);

	start = map_or_fail(8 * PAGE);
	if (mlock(start, 8 * PAGE))
		fail("mlock");
	add(worker, "locked", start, 8 * PAGE, 1);

	/* Beyond the 47 bits that four levels of page tables reach: only five give that, and only to those who ask. */
	start = map((void *)0x00ab000000000000, 4 * PAGE, 0);
	if (start && (uint64_t)start >> 47)
		add(worker, "high", start, 4 * PAGE, 1);
	else if (start)
		munmap(start, 4 * PAGE);

	file = open("/init", O_RDONLY | O_CLOEXEC);
	start = mmap(NULL, 4 * PAGE, PROT_READ, MAP_PRIVATE, file, 0);
	if (file < 0 || start == MAP_FAILED)
		fail("/init");
	add(worker, "file", start, 4 * PAGE, 0);
	close(file);

	/* Nothing that is mapped so far moves or goes; what is mapped from here on is there when it was touched. */
	if (mlockall(MCL_CURRENT) && errno != ENOMEM)
		fail("mlockall");
	start = map_or_fail(16 * PAGE);
	madvise(start, 16 * PAGE, MADV_NOHUGEPAGE);
	add(worker, "sparse", start, 16 * PAGE, 0);
	for (int page = 0; page < 16; page += 5)
		add(worker, "sparse-page", start + page * PAGE, PAGE, 1);
}
