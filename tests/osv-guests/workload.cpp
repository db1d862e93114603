// 28 threads that use much of a kernel: contended locks, timers, condition variables, files, a network server and its
// clients, thread-locals, a slow leak, and threads that are created and end all the time, about 40 a second.
// "workload FOLDER" writes its files to another folder than /tmp, and syncs them.
#include "threads.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstring>

thread_local long app_tls = 77;

static const uint16_t port = 7007;
static const char *folder = "/tmp";
static bool synced;
static pthread_mutex_t contended = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t shared_lock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static volatile long produced;
static void *volatile last_leak;

extern "C" {

void *contend(void *)
{
    for (;;) {
        pthread_mutex_lock(&contended);
        pause_for(5);
        pthread_mutex_unlock(&contended);
    }
}

void *tick(void *argument)
{
    for (;;)
        pause_for(3 + 4 * reinterpret_cast<long>(argument));
}

void *consume(void *)
{
    pthread_mutex_lock(&guard);
    for (;;)
        pthread_cond_wait(&changed, &guard);
}

void *produce(void *)
{
    for (;;) {
        pause_for(50);
        pthread_mutex_lock(&guard);
        produced = produced + 1;
        pthread_cond_broadcast(&changed);
        pthread_mutex_unlock(&guard);
    }
}

void *use_files(void *argument)
{
    static const size_t size = 16 * 1024;
    char path[256];
    std::snprintf(path, sizeof path, "%s/workload-%ld", folder, reinterpret_cast<long>(argument));
    char *bytes = new char[size];
    for (long round = 0;; round++) {
        int file = open(path, O_CREAT | O_RDWR, 0644);
        if (file < 0) {
            pause_for(1000);
            continue;
        }

        std::memset(bytes, static_cast<int>(round), size);
        off_t at = static_cast<off_t>(round % 64 * size);
        if (pwrite(file, bytes, size, at) < 0 || pread(file, bytes, size, at) < 0)
            std::printf("%s can't be used\n", path);

        if (synced)
            fsync(file);

        close(file);
        pause_for(20);
    }
}

void *serve(void *)
{
    int server = socket(AF_INET, SOCK_STREAM, 0);
    int on = 1;
    setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_ANY);
    if (bind(server, reinterpret_cast<sockaddr *>(&address), sizeof address) != 0 || listen(server, 8) != 0)
        std::printf("can't listen\n");

    for (;;) {
        int client = accept(server, nullptr, nullptr);
        if (client < 0) {
            pause_for(100);
            continue;
        }

        char bytes[512];
        for (ssize_t got; (got = read(client, bytes, sizeof bytes)) > 0;)
            if (write(client, bytes, static_cast<size_t>(got)) != got)
                break;

        close(client);
    }
}

void *ask(void *)
{
    for (;;) {
        pause_for(100);
        int client = socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        char bytes[64] = "hello";
        if (connect(client, reinterpret_cast<sockaddr *>(&address), sizeof address) == 0
            && write(client, bytes, sizeof bytes) > 0)
            (void)!read(client, bytes, sizeof bytes);

        close(client);
    }
}

void *use_thread_local(void *argument)
{
    app_tls = 1000 + reinterpret_cast<long>(argument);
    for (;;)
        pause_for(1000 * 1000L);
}

void *share(void *argument)
{
    for (;;) {
        if (reinterpret_cast<long>(argument) == 0)
            pthread_rwlock_wrlock(&shared_lock);
        else
            pthread_rwlock_rdlock(&shared_lock);

        pause_for(10);
        pthread_rwlock_unlock(&shared_lock);
        pause_for(5);
    }
}

[[gnu::noinline]] void leak_inner() { last_leak = std::malloc(5000); }

[[gnu::noinline]] void leak_outer()
{
    leak_inner();
    asm volatile("");
}

void *leak(void *)
{
    for (;;) {
        leak_outer();
        pause_for(300);
    }
}

void *live_shortly(void *) { return nullptr; }

void *spawn(void *)
{
    for (;;) {
        pthread_join(start("short", live_shortly, nullptr, 32 * 1024), nullptr);
        pause_for(50);
    }
}
}

static void start_several(const char *name, int count, void *(*function)(void *))
{
    char numbered[16];
    for (long i = 0; i < count; i++) {
        std::snprintf(numbered, sizeof numbered, "%s-%ld", name, i);
        start(numbered, function, reinterpret_cast<void *>(i));
    }
}

int main(int count, char **arguments)
{
    if (count == 2) {
        folder = arguments[1];
        synced = true;
    }

    start_several("contend", 6, contend);
    start_several("tick", 4, tick);
    start_several("consume", 3, consume);
    start("produce", produce);
    start_several("file", 4, use_files);
    start("serve", serve);
    start_several("ask", 2, ask);
    start_several("local", 2, use_thread_local);
    start_several("share", 2, share);
    start("leak", leak);
    start_several("spawn", 2, spawn);
    pause_for(1000);
    stay();
}
