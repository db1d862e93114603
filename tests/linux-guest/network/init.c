/*
 * An init that serves whoever connects to port 8080 of its virtio network card, address 10.0.2.15: it reads a line with
 * two numbers, "SEND RECEIVE", sends so many bytes and reads so many at once, and closes the connection. Before that it
 * sends nothing by itself but what ARP needs. Each connection has a process of its own, named "server".
 *
 *   ready 8080   it listens
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <net/route.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

/* In an order in which each finds what it needs. */
static const char *const modules[] = {
	"virtio_ring", "virtio", "virtio_pci_legacy_dev", "virtio_pci_modern_dev", "virtio_pci", "failover", "net_failover", "virtio_net",
};

static int report;

static void fail(const char *what)
{
	dprintf(report, "failed: %s: %s\n", what, strerror(errno));
	exit(1);
}

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

static void set_address(struct sockaddr *address, const char *text)
{
	struct sockaddr_in *in = (struct sockaddr_in *)address;

	in->sin_family = AF_INET;
	inet_pton(AF_INET, text, &in->sin_addr);
}

static void configure(void)
{
	struct ifreq request = { .ifr_name = "eth0" };
	int control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	for (int i = 0; ioctl(control, SIOCGIFFLAGS, &request) && i < 600; i++)
		usleep(100 * 1000);
	set_address(&request.ifr_addr, "10.0.2.15");
	if (ioctl(control, SIOCSIFADDR, &request))
		fail("SIOCSIFADDR");
	set_address(&request.ifr_addr, "255.255.255.0");
	ioctl(control, SIOCSIFNETMASK, &request);
	request.ifr_flags = IFF_UP | IFF_RUNNING;
	if (ioctl(control, SIOCSIFFLAGS, &request))
		fail("SIOCSIFFLAGS");

	struct rtentry route = { .rt_flags = RTF_UP | RTF_GATEWAY };

	set_address(&route.rt_gateway, "10.0.2.2");
	set_address(&route.rt_dst, "0.0.0.0");
	set_address(&route.rt_genmask, "0.0.0.0");
	ioctl(control, SIOCADDRT, &route);
	close(control);
}

static void serve(int client)
{
	static char bytes[65536];
	char line[64] = "";
	size_t used = 0;
	long send_count = 0, receive_count = 0;

	prctl(PR_SET_NAME, "server");
	while (used < sizeof line - 1 && read(client, line + used, 1) == 1 && line[used] != '\n')
		used++;
	sscanf(line, "%ld %ld", &send_count, &receive_count);
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (char)(i * 7 + i / 251 + (size_t)send_count);
	if (fork() == 0) {
		while (receive_count > 0) {
			ssize_t count = read(client, line, sizeof line < (size_t)receive_count ? sizeof line : (size_t)receive_count);

			if (count <= 0)
				break;
			receive_count -= count;
		}
		exit(0);
	}
	while (send_count > 0) {
		ssize_t count = write(client, bytes, sizeof bytes < (size_t)send_count ? sizeof bytes : (size_t)send_count);

		if (count <= 0)
			break;
		send_count -= count;
	}
	exit(0);
}

int main(void)
{
	struct termios settings;
	struct sockaddr_in own = { .sin_family = AF_INET, .sin_port = htons(8080) };

	mkdir("/dev", 0755);
	mount("dev", "/dev", "devtmpfs", 0, NULL);
	report = open("/dev/ttyS0", O_WRONLY | O_NOCTTY);
	tcgetattr(report, &settings);
	cfmakeraw(&settings);
	tcsetattr(report, TCSANOW, &settings);
	signal(SIGCHLD, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	load_modules();
	configure();

	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (bind(listener, (struct sockaddr *)&own, sizeof own) || listen(listener, 64))
		fail("listen");
	dprintf(report, "ready 8080\n");
	for (;;) {
		int client = accept(listener, NULL, NULL);

		if (client >= 0 && fork() == 0)
			serve(client);
		close(client);
	}
}
