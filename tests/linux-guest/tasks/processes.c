#define _GNU_SOURCE
#include "processes.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <unistd.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>

#define PAGE 4096
#define SMALL_MAPPINGS 100

/* In memory that all processes have, so that init knows what the holder made. */
static struct held {
	int pid;
	char *memory;
	char *silent;
	volatile int is_ready;
} *held;

void prepare_processes(void)
{
	struct ifreq request = { .ifr_name = "lo" };
	int control = socket(AF_INET, SOCK_DGRAM, 0);

	mkdir("/data", 0755);
	mkdir("/mnt", 0755);
	mkdir("/bound", 0755);
	mkdir("/with space", 0755);
	mount("memory", "/mnt", "tmpfs", MS_NOSUID | MS_NODEV | MS_NOATIME, "size=1m");
	mkdir("/mnt/sub", 0755);
	mkdir("/mnt/sub/deep", 0755);
	mount("/mnt/sub", "/bound", NULL, MS_BIND, NULL);
	mount("back\\slash and space", "/with space", "tmpfs", MS_NOEXEC | MS_RDONLY | MS_SYNCHRONOUS, NULL);
	/* Those that a kernel does not have are not there, and are not compared. */
	mkdir("/sized", 0755);
	mkdir("/hidden", 0755);
	mkdir("/terminals", 0755);
	mkdir("/system", 0755);
	mount("sized", "/sized", "tmpfs", MS_NODIRATIME, "size=512k,nr_inodes=100,mode=750,uid=3,gid=4");
	mount("hidden", "/hidden", "proc", 0, "hidepid=2,gid=7");
	mount("terminals", "/terminals", "devpts", 0, "gid=5,mode=620,ptmxmode=666");
	mount("sys", "/system", "sysfs", MS_RDONLY, NULL);
	if (ioctl(control, SIOCGIFFLAGS, &request) == 0) {
		request.ifr_flags |= IFF_UP | IFF_RUNNING;
		ioctl(control, SIOCSIFFLAGS, &request);
	}
	close(control);
	held = mmap(NULL, sizeof *held, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
}

static int make_file(const char *path, int flags, const char *text)
{
	int file = open(path, flags | O_CREAT, 0644);

	if (text && write(file, text, strlen(text)) < 0)
		return -1;
	return file;
}

static void hold_files(void)
{
	int pipes[2], poller = epoll_create1(EPOLL_CLOEXEC);
	struct epoll_event event = { .events = EPOLLIN };
	sigset_t signals;

	make_file("/data/plain", O_RDWR | O_APPEND, "0123456789");
	int both = make_file("/data/new\nline", O_RDWR | O_CLOEXEC, "abc");
	lseek(both, 0x123456789, SEEK_SET);
	make_file("/data/gone", O_WRONLY, "gone");
	unlink("/data/gone");
	make_file("/mnt/sub/deep/file", O_RDONLY, NULL);
	open("/bound/deep/file", O_RDONLY | O_NONBLOCK);
	open("/mnt", O_RDONLY | O_DIRECTORY);
	open("/data", O_PATH);
	open("/dev/null", O_RDWR);
	open("/proc/self/status", O_RDONLY);
	if (pipe2(pipes, O_NONBLOCK) == 0)
		event.data.fd = pipes[0];
	epoll_ctl(poller, EPOLL_CTL_ADD, pipes[0], &event);
	eventfd(7, 0);
	timerfd_create(CLOCK_MONOTONIC, 0);
	inotify_init1(0);
	sigemptyset(&signals);
	sigaddset(&signals, SIGUSR1);
	signalfd(-1, &signals, 0);
	memfd_create("shared memory", 0);
	fcntl(both, F_DUPFD, 200);
	open("/proc/self/ns/mnt", O_RDONLY);
}

static void hold_memory(void)
{
	int file = make_file("/data/mapped", O_RDWR, NULL), memory = memfd_create("mapped", 0);

	if (ftruncate(file, 8 * PAGE) || ftruncate(memory, 2 * PAGE))
		return;
	mmap(NULL, 2 * PAGE, PROT_READ, MAP_PRIVATE, file, 3 * PAGE);
	char *shared = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, file, PAGE);
	mmap(NULL, PAGE, PROT_READ | PROT_EXEC, MAP_SHARED, memory, PAGE);
	mmap(NULL, 3 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	held->memory = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	held->silent = held->memory + 2 * PAGE;
#ifdef PR_SET_VMA
	prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, held->memory, 4 * PAGE, "a named one");
#endif
	strcpy(held->memory, "the holder's own memory");
	strcpy(shared, "shared");
	/* Each second page has other permissions, so that the kernel needs a tree of some height. */
	char *many = mmap(NULL, 2 * SMALL_MAPPINGS * PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	for (int i = 0; i < SMALL_MAPPINGS; i++)
		mprotect(many + 2 * i * PAGE, PAGE, PROT_READ | PROT_WRITE);
	if (sbrk(3 * PAGE) == (void *)-1)
		return;
}

static int bind_to(int family, int type, const char *address, int port)
{
	struct sockaddr_in four = { .sin_family = AF_INET, .sin_port = htons(port) };
	struct sockaddr_in6 six = { .sin6_family = AF_INET6, .sin6_port = htons(port) };
	int made = socket(family, type, 0), on = 1;

	setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	inet_pton(family, address, family == AF_INET ? (void *)&four.sin_addr : &six.sin6_addr);
	if (bind(made, family == AF_INET ? (void *)&four : (void *)&six, family == AF_INET ? sizeof four : sizeof six))
		dprintf(2, "osprey: %s:%d is not bound\n", address, port);
	return made;
}

static int connect_to(int made, const char *address, int port)
{
	struct sockaddr_in four = { .sin_family = AF_INET, .sin_port = htons(port) };

	inet_pton(AF_INET, address, &four.sin_addr);
	if (connect(made, (void *)&four, sizeof four))
		dprintf(2, "osprey: %s:%d is not reached\n", address, port);
	return made;
}

static void hold_internet_sockets(void)
{
	char bytes[100] = { 0 };
	int listener = bind_to(AF_INET, SOCK_STREAM, "127.0.0.1", 1234);

	listen(listener, 5);
	int client = connect_to(bind_to(AF_INET, SOCK_STREAM, "127.0.0.1", 40001), "127.0.0.1", 1234);
	accept(listener, NULL, NULL);
	if (send(client, bytes, sizeof bytes, 0) < 0)
		return;
	connect_to(bind_to(AF_INET, SOCK_STREAM, "127.0.0.1", 40002), "127.0.0.1", 1234);
	listen(bind_to(AF_INET6, SOCK_STREAM, "::", 8080), 3);
	socket(AF_INET, SOCK_STREAM, 0);

	bind_to(AF_INET, SOCK_DGRAM, "127.0.0.1", 5353);
	bind_to(AF_INET6, SOCK_DGRAM, "::1", 5354);
	int sender = connect_to(bind_to(AF_INET, SOCK_DGRAM, "127.0.0.1", 40003), "127.0.0.1", 5353);
	for (int i = 0; i < 3; i++)
		if (send(sender, bytes, 10, 0) < 0)
			return;
	socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
}

static int name_unix(int type, const char *path, size_t length, int connects)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	int made = socket(AF_UNIX, type, 0);

	memcpy(name.sun_path, path, length);
	socklen_t size = offsetof(struct sockaddr_un, sun_path) + length;
	if (connects ? connect(made, (void *)&name, size) : bind(made, (void *)&name, size))
		dprintf(2, "osprey: no socket %s\n", path);
	return made;
}

static void hold_other_sockets(void)
{
	static const char text[] = "some bytes in a queue";
	struct sockaddr_nl netlink = { .nl_family = AF_NETLINK, .nl_groups = 1 };
	int pair[2], listener = name_unix(SOCK_STREAM, "/data/socket", sizeof "/data/socket", 0);

	listen(listener, 4);
	int client = name_unix(SOCK_STREAM, "/data/socket", sizeof "/data/socket", 1);
	accept(listener, NULL, NULL);
	if (send(client, text, sizeof text, 0) < 0)
		return;
	name_unix(SOCK_STREAM, "/data/socket", sizeof "/data/socket", 1);
	name_unix(SOCK_DGRAM, "\0abstract", sizeof "\0abstract" - 1, 0);
	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair) == 0 && send(pair[0], text, 5, 0) > 0)
		send(pair[0], text, 6, 0);
	int made = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	if (bind(made, (void *)&netlink, sizeof netlink))
		dprintf(2, "osprey: no netlink\n");
	socket(AF_PACKET, SOCK_DGRAM, htons(0x88b5));
}

void hold(void)
{
	held->pid = getpid();
	hold_files();
	hold_memory();
	hold_internet_sockets();
	hold_other_sockets();
	if (chdir("/mnt/sub"))
		return;
	held->is_ready = 1;
	for (;;)
		pause();
}

/* Writes a text in one line: line ends are written as /proc writes them. */
static void say_text(int report, const char *text)
{
	for (; *text; text++)
		dprintf(report, *text == '\n' ? "\\012" : "%c", *text);
	dprintf(report, "\n");
}

static void say_lines(int report, const char *start, const char *path)
{
	char line[1024];
	FILE *file = fopen(path, "r");

	while (file && fgets(line, sizeof line, file)) {
		line[strcspn(line, "\n")] = '\0';
		dprintf(report, "%s text=%s\n", start, line);
	}
	if (file)
		fclose(file);
}

static void say_link(int report, const char *start, const char *path)
{
	char link[1024];
	ssize_t count = readlink(path, link, sizeof link - 1);

	if (count < 0)
		return;
	link[count] = '\0';
	dprintf(report, "%s text=", start);
	say_text(report, link);
}

static void say_files(int report, int pid)
{
	static const char *links[] = { "cwd", "root", "exe" };
	char path[320], start[512], line[128];
	DIR *files;
	struct dirent *entry;

	snprintf(path, sizeof path, "/proc/%d/fd", pid);
	files = opendir(path);
	while (files && (entry = readdir(files))) {
		long long pos = -1;
		unsigned flags = 0;

		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof path, "/proc/%d/fdinfo/%s", pid, entry->d_name);
		FILE *info = fopen(path, "r");
		while (info && fgets(line, sizeof line, info)) {
			sscanf(line, "pos: %lld", &pos);
			sscanf(line, "flags: %o", &flags);
		}
		if (info)
			fclose(info);
		snprintf(start, sizeof start, "fd pid=%d fd=%s flags=%u pos=%lld", pid, entry->d_name, flags, pos);
		snprintf(path, sizeof path, "/proc/%d/fd/%s", pid, entry->d_name);
		say_link(report, start, path);
	}
	if (files)
		closedir(files);
	for (int i = 0; i < 3; i++) {
		snprintf(start, sizeof start, "link pid=%d name=%s", pid, links[i]);
		snprintf(path, sizeof path, "/proc/%d/%s", pid, links[i]);
		say_link(report, start, path);
	}
}

static void say_net(int report)
{
	static const char *tables[] = { "tcp", "tcp6", "udp", "udp6", "raw", "unix", "netlink", "packet" };
	char start[64], path[64], text[64];
	struct ifaddrs *addresses;

	for (int i = 0; i < 8; i++) {
		snprintf(start, sizeof start, "socket table=%s", tables[i]);
		snprintf(path, sizeof path, "/proc/net/%s", tables[i]);
		say_lines(report, start, path);
	}
	say_lines(report, "interface", "/proc/net/dev");
	if (getifaddrs(&addresses))
		return;
	for (struct ifaddrs *each = addresses; each; each = each->ifa_next) {
		int family = each->ifa_addr ? each->ifa_addr->sa_family : 0, bits = 0;
		unsigned char *address, *mask;

		if (family != AF_INET && family != AF_INET6)
			continue;
		address = family == AF_INET ? (void *)&((struct sockaddr_in *)each->ifa_addr)->sin_addr
			: (void *)&((struct sockaddr_in6 *)each->ifa_addr)->sin6_addr;
		mask = family == AF_INET ? (void *)&((struct sockaddr_in *)each->ifa_netmask)->sin_addr
			: (void *)&((struct sockaddr_in6 *)each->ifa_netmask)->sin6_addr;
		for (int i = 0; i < (family == AF_INET ? 4 : 16); i++)
			bits += __builtin_popcount(mask[i]);
		inet_ntop(family, address, text, sizeof text);
		dprintf(report, "address name=%s family=%d text=%s/%d\n", each->ifa_name, family == AF_INET ? 4 : 6, text, bits);
	}
	freeifaddrs(addresses);
}

void say_processes(int report)
{
	DIR *processes = opendir("/proc");
	struct dirent *entry;
	char path[64], start[64], name[32];

	for (int i = 0; i < 2000 && !held->is_ready; i++)
		usleep(10000);
	while (processes && (entry = readdir(processes))) {
		int pid = atoi(entry->d_name);

		snprintf(path, sizeof path, "/proc/%d/comm", pid);
		FILE *file = pid > 0 ? fopen(path, "r") : NULL;
		name[0] = '\0';
		if (file && !fgets(name, sizeof name, file))
			name[0] = '\0';
		if (file)
			fclose(file);
		name[strcspn(name, "\n")] = '\0';
		if (pid == 1 || !strcmp(name, "threads") || !strcmp(name, "holder")) {
			snprintf(path, sizeof path, "/proc/%d/maps", pid);
			snprintf(start, sizeof start, "maps pid=%d", pid);
			say_lines(report, start, path);
		}
	}
	if (processes)
		closedir(processes);
	say_files(report, held->pid);
	say_lines(report, "mount", "/proc/self/mounts");
	say_net(report);
	dprintf(report, "holder pid=%d memory=%p silent=%p\n", held->pid, (void *)held->memory, (void *)held->silent);
}
