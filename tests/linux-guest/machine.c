/* The report's lines about the machine and its kernel. */
#include <dirent.h>
#include <elf.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report.h"

/* Symbols that are reported; of those with a size the contents too. */
static const struct { const char *name; unsigned size; } symbols[] = {
	{ "_text", 64 }, { "_etext", 0 }, { "_sdata", 0 }, { "_edata", 0 }, { "__bss_start", 0 }, { "_end", 0 },
	{ "linux_banner", 128 }, { "init_task", 0 }, { "init_top_pgt", 0 }, { "jiffies", 0 }, { "phys_base", 8 },
	{ "page_offset_base", 8 }, { "vmalloc_base", 8 }, { "vmemmap_base", 8 }, { "__per_cpu_offset", 64 },
	{ "saved_command_line", 8 }, { "init_uts_ns", 0 }, { "entry_SYSCALL_64", 16 }, { "schedule", 16 },
};
enum { SYMBOLS = sizeof symbols / sizeof symbols[0] };

static uint64_t addresses[SYMBOLS];

/* One line per line of a file, after a word of ours. */
static void say_lines(const char *start, char *text)
{
	char *rest = NULL;

	for (char *line = text ? strtok_r(text, "\n", &rest) : NULL; line; line = strtok_r(NULL, "\n", &rest))
		say("%s text=%s", start, line);
}

static int count_nodes(void)
{
	DIR *folder = opendir("/sys/devices/system/node");
	struct dirent *entry;
	int count = 0;

	while (folder && (entry = readdir(folder)))
		count += strncmp(entry->d_name, "node", 4) == 0 && entry->d_name[4] >= '0' && entry->d_name[4] <= '9';
	if (folder)
		closedir(folder);
	return count;
}

/* Whether the CPUs have a feature and the kernel uses it: it does not name those that it was told to leave alone. */
static int has_feature(const char *name)
{
	char *text = read_file("/proc/cpuinfo");

	return text && strstr(text, name);
}

static void report_iomem(void)
{
	char *rest = NULL, *text = read_file("/proc/iomem");

	for (char *line = text ? strtok_r(text, "\n", &rest) : NULL; line; line = strtok_r(NULL, "\n", &rest)) {
		int depth = (int)strspn(line, " ") / 2;
		uint64_t start, end;
		char name[64];

		if (sscanf(line, " %" SCNx64 "-%" SCNx64 " : %63[^\n]", &start, &end, name) == 3)
			say("iomem depth=%d start=0x%" PRIx64 " end=0x%" PRIx64 " text=%s", depth, start, end, name);
	}
}

/* The blocks of memory that each node holds. */
static void report_nodes(int nodes)
{
	char *text = read_file("/sys/devices/system/memory/block_size_bytes");
	uint64_t size = text ? strtoull(text, NULL, 16) : 0;
	char path[96];
	struct dirent *entry;

	for (int node = 0; node < nodes; node++) {
		snprintf(path, sizeof path, "/sys/devices/system/node/node%d", node);
		DIR *folder = opendir(path);

		while (folder && (entry = readdir(folder))) {
			unsigned long block;

			if (sscanf(entry->d_name, "memory%lu", &block) == 1)
				say("node id=%d start=0x%" PRIx64 " size=%" PRIu64, node, block * size, size);
		}
		if (folder)
			closedir(folder);
	}
}

void report_machine(void)
{
	char *text = read_file("/proc/meminfo");
	char *total = text ? strstr(text, "MemTotal:") : NULL;
	unsigned long long kibibytes = total ? strtoull(total + 9, NULL, 10) : 0;
	int nodes = count_nodes(), levels = has_feature(" la57") ? 5 : 4, pti = has_feature(" pti");

	text = read_file("/proc/uptime");
	say("machine cpus=%ld nodes=%d memory-kib=%llu uptime-ms=%.0f levels=%d pti=%d", sysconf(_SC_NPROCESSORS_ONLN), nodes, kibibytes,
	    text ? strtod(text, NULL) * 1000 : 0, levels, pti);
	say_lines("kernel", read_file("/proc/version"));
	say_lines("cmdline", read_file("/proc/cmdline"));
	say_lines("meltdown", read_file("/sys/devices/system/cpu/vulnerabilities/meltdown"));
	report_iomem();
	report_nodes(nodes);
}

static void report_symbols(void)
{
	FILE *file = fopen("/proc/kallsyms", "r");
	char line[256], name[200];
	uint64_t address;

	while (file && fgets(line, sizeof line, file)) {
		/* An address of 16 digits, a letter for the kind, the name. */
		const char *word = line[0] && line[16] == ' ' ? line + 19 : "";

		for (int i = 0; i < SYMBOLS; i++) {
			size_t length = strlen(symbols[i].name);

			if (!addresses[i] && word[0] == symbols[i].name[0] && strncmp(word, symbols[i].name, length) == 0 && word[length] == '\n'
			    && sscanf(line, "%" SCNx64 " %*c %199s", &address, name) == 2) {
				addresses[i] = address;
				say("symbol name=%s address=0x%" PRIx64, name, address);
			}
		}
	}
	if (file)
		fclose(file);
}

/* The kernel's memory as a core file: what it maps where, and what is there. */
static void report_core(void)
{
	int file = open("/proc/kcore", O_RDONLY | O_CLOEXEC);
	Elf64_Ehdr header;
	Elf64_Phdr segments[64];
	uint8_t bytes[128];
	char start[96];

	if (file < 0 || pread(file, &header, sizeof header, 0) != sizeof header)
		return;
	int count = header.e_phnum < 64 ? header.e_phnum : 64;
	ssize_t size = count * (ssize_t)sizeof segments[0];
	if (pread(file, segments, (size_t)size, (off_t)header.e_phoff) != size)
		count = 0;
	for (int i = 0; i < count; i++) {
		const Elf64_Phdr *segment = &segments[i];

		if (segment->p_type != PT_LOAD)
			continue;
		if (segment->p_paddr == (Elf64_Addr)-1)
			say("segment address=0x%" PRIx64 " physical=none size=%" PRIu64, segment->p_vaddr, segment->p_memsz);
		else
			say("segment address=0x%" PRIx64 " physical=0x%" PRIx64 " size=%" PRIu64, segment->p_vaddr, segment->p_paddr, segment->p_memsz);
		for (int s = 0; s < SYMBOLS; s++) {
			off_t offset = (off_t)(addresses[s] - segment->p_vaddr);

			if (!symbols[s].size || addresses[s] < segment->p_vaddr || addresses[s] >= segment->p_vaddr + segment->p_memsz)
				continue;
			if (pread(file, bytes, symbols[s].size, (off_t)segment->p_offset + offset) == (ssize_t)symbols[s].size) {
				snprintf(start, sizeof start, "content name=%s address=0x%" PRIx64, symbols[s].name, addresses[s]);
				say_hex(start, bytes, symbols[s].size);
			}
		}
	}
	close(file);
}

/* The text in the note for crash dumps, as /proc/kcore repeats it. */
static void report_vmcoreinfo(void)
{
	char *text = read_file("/sys/kernel/vmcoreinfo");
	uint64_t physical;
	unsigned long size;

	if (text && sscanf(text, "%" SCNx64 " %lx", &physical, &size) == 2)
		say("vmcoreinfo-note physical=0x%" PRIx64 " size=%lu", physical, size);

	static const char name[] = "VMCOREINFO";
	static char notes[64 * 1024];
	Elf64_Ehdr header;
	Elf64_Phdr segment;
	int file = open("/proc/kcore", O_RDONLY | O_CLOEXEC);
	if (file < 0 || pread(file, &header, sizeof header, 0) != sizeof header
	    || pread(file, &segment, sizeof segment, (off_t)header.e_phoff) != sizeof segment || segment.p_type != PT_NOTE)
		return;
	ssize_t length = pread(file, notes, segment.p_filesz < sizeof notes - 1 ? segment.p_filesz : sizeof notes - 1, (off_t)segment.p_offset);
	close(file);
	for (ssize_t at = 0; at + (ssize_t)sizeof(Elf64_Nhdr) <= length;) {
		const Elf64_Nhdr *note = (const Elf64_Nhdr *)(notes + at);
		ssize_t start = at + (ssize_t)sizeof *note + (note->n_namesz + 3) / 4 * 4;
		ssize_t next = start + (note->n_descsz + 3) / 4 * 4;

		if (next > length)
			break;
		if (note->n_namesz == sizeof name && memcmp(note + 1, name, sizeof name) == 0) {
			notes[start + note->n_descsz] = 0;
			say_lines("vmcoreinfo", notes + start);
			break;
		}
		at = next;
	}
}

/* How large the description of the kernel's types is, and a hash (64-bit FNV-1a) of its bytes. */
static void report_types(void)
{
	static uint8_t bytes[64 * 1024];
	uint64_t hash = 0xcbf29ce484222325, size = 0;
	int file = open("/sys/kernel/btf/vmlinux", O_RDONLY | O_CLOEXEC);
	ssize_t count;

	while (file >= 0 && (count = read(file, bytes, sizeof bytes)) > 0) {
		for (ssize_t i = 0; i < count; i++)
			hash = (hash ^ bytes[i]) * 0x100000001b3;
		size += (uint64_t)count;
	}
	if (file < 0)
		return;
	close(file);
	say("types size=%" PRIu64 " hash=0x%" PRIx64, size, hash);
}

void report_kernel(void)
{
	report_symbols();
	report_core();
	report_vmcoreinfo();
	report_types();
}

void report_tasks(void)
{
	DIR *processes = opendir("/proc"), *threads;
	struct dirent *process, *thread;
	char path[600];

	while (processes && (process = readdir(processes))) {
		int pid = atoi(process->d_name);

		snprintf(path, sizeof path, "/proc/%d/task", pid);
		threads = pid > 0 ? opendir(path) : NULL;
		while (threads && (thread = readdir(threads))) {
			int tid = atoi(thread->d_name), parent;

			snprintf(path, sizeof path, "/proc/%d/task/%d/stat", pid, tid);
			char *text = tid > 0 ? read_file(path) : NULL;
			char *start = text ? strchr(text, '(') : NULL, *end = text ? strrchr(text, ')') : NULL;
			if (start && end && sscanf(end + 1, " %*c %d", &parent) == 1)
				say("task pid=%d tid=%d parent=%d text=%.*s", pid, tid, parent, (int)(end - start - 1), start + 1);
		}
		if (threads)
			closedir(threads);
	}
	if (processes)
		closedir(processes);
}
