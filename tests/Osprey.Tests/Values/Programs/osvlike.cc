// A program with types, variables and stacks as the OSv kernel has them, written from their names and meanings alone.
// Its threads are stopped where they "wait", registers saved as a scheduler saves them. It prints the truth about itself.
#include <array>
#include <atomic>
#include <boost/intrusive/list.hpp>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <thread>
#include <unistd.h>
#include <unordered_map>
#include <vector>

namespace bi = boost::intrusive;
using uptime = std::chrono::nanoseconds;

struct thread_control_block { thread_control_block *self; char *tls_base; };
struct thread_state { void *rsp, *rbp, *rip, *exception_stack; };

namespace sched {
class cpu;
class thread;

class timer_base {
public:
    enum class state { free, armed, expired };
    class client {
    public:
        virtual ~client() = default;
        bool _timers_need_reload = false;
    };
    bi::list_member_hook<> client_hook;
    state _state = state::armed;
    std::chrono::time_point<std::chrono::steady_clock, uptime> _time;
};
using timer_list =
    bi::list<timer_base, bi::member_hook<timer_base, bi::list_member_hook<>, &timer_base::client_hook>>;

struct arch_cpu { void *gs[2]; thread_control_block *_current_thread_kernel_tcb; };

class cpu {
public:
    unsigned id;
    arch_cpu arch;
    std::chrono::time_point<std::chrono::steady_clock, uptime> running_since;
};

class thread : public timer_base::client {
public:
    enum class status { invalid, prestarted, unstarted, waiting, sending_lock, running, queued, waking, terminating, terminated };
    struct detached_state { thread *t; cpu *_cpu; std::atomic<status> st; };
    struct stack_info { void *begin; size_t size; };
    struct attr { stack_info _stack; std::array<char, 16> _name; };
    struct runtime { float _priority, _Rtt; };
    struct counter { std::atomic<unsigned long> _counter; };

    thread(unsigned id, const char *name, status st, cpu *on);
    void wait() __attribute__((noinline));
    void join(thread &other) __attribute__((noinline));

    timer_list _active_timers;
    thread_state _state{};
    thread_control_block _block{};
    thread_control_block *_tcb = &_block;
    runtime _runtime{1, 0};
    std::unique_ptr<detached_state> _detached_state;
    attr _attr{};
    unsigned _id;
    std::atomic<thread *> _joiner{nullptr};
    counter stat_switches{};
    uptime _total_cpu_time{0};
    std::atomic<uint64_t> _cputime_estimator{0};
    static unsigned long _s_idgen;
};
unsigned long thread::_s_idgen = 0;

std::vector<cpu *> cpus;
std::unordered_map<unsigned, thread *> thread_map;
thread_local thread *s_current;
} // namespace sched

struct wait_record { std::atomic<sched::thread *> t; wait_record *next; };

namespace lockfree {
class mutex {
public:
    void lock() __attribute__((noinline));
    std::atomic<int> count{0};
    unsigned depth = 0;
    std::atomic<sched::thread *> owner{nullptr};
    struct { std::atomic<wait_record *> pushlist{nullptr}; wait_record *poplist = nullptr; } waitqueue;
};
} // namespace lockfree

namespace elf {
class object {
public:
    virtual ~object() = default;
    std::string _pathname;
    void *_base, *_end;
};
class program { public: static std::vector<object *> s_objs; };
std::vector<object *> program::s_objs;
} // namespace elf

std::atomic<int> waiting;
std::atomic<bool> is_over;

sched::thread::thread(unsigned id, const char *name, status st, cpu *on)
    : _detached_state(new detached_state{this, on, {st}}), _id(id)
{
    _block.self = &_block;
    strncpy(_attr._name.data(), name, _attr._name.size());
    thread_map[id] = this;
    _s_idgen = id;
}

#line 1000 "sched.cc"
void sched::thread::wait()
{
    asm volatile("lea 1f(%%rip), %%rax\n mov %%rax, %0\n mov %%rsp, %1\n mov %%rbp, %2\n 1: nop"
                 : "=m"(_state.rip), "=m"(_state.rsp), "=m"(_state.rbp) : : "rax", "rbx", "r12", "r13", "r14", "r15", "memory");
    waiting++;
    while (!is_over)
        pause();
}

void sched::thread::join(thread &other)
{
    other._joiner = this;
    wait();
    asm volatile("");
}

#line 2000 "lfmutex.cc"
void lockfree::mutex::lock()
{
    sched::thread *current = sched::s_current;
    if (count.fetch_add(1) == 0) {
        owner = current;
        depth = 1;
        return;
    }
    wait_record waiter{{current}, waitqueue.pushlist.load()};
    waitqueue.pushlist = &waiter;
    current->wait();
    asm volatile("" : : "r"(&waiter), "r"(this) : "memory");
}

#line 3000 "osvlike.cc"
lockfree::mutex *first, *second;

template <typename F> void run(sched::thread *thread, F body)
{
    int before = waiting;
    std::thread([=] { sched::s_current = thread; body(); }).detach();
    while (waiting == before)
        usleep(100);
}


int main()
{
    using sched::thread;
    using status = thread::status;
    auto zero = new sched::cpu{0, {}, {}}, one = new sched::cpu{1, {}, {}};
    zero->running_since += uptime(5'000'000'000);
    one->running_since += uptime(5'100'000'000);
    sched::cpus = {zero, one};
    first = new lockfree::mutex;
    second = new lockfree::mutex;

    auto runner = new thread(1, "runner", status::running, one);
    one->arch._current_thread_kernel_tcb = runner->_tcb;
    auto idle = new thread(2, "idle0", status::running, zero);
    zero->arch._current_thread_kernel_tcb = idle->_tcb;
    auto a = new thread(7, "holder-a", status::waiting, zero);
    auto b = new thread(8, "holder-b", status::waiting, one);
    auto c = new thread(9, "third", status::waiting, one);
    auto d = new thread(10, "joiner", status::waiting, zero);
    new thread(11, "a name of 16 let", status::unstarted, nullptr);
    auto e = new thread(300, "ready", status::queued, one);
    e->_total_cpu_time = uptime(123'456'789);
    a->_total_cpu_time = uptime(2'048'000);
    // It was switched in at 3 * 2^30 ns, after 1,024,000 ns of running, and ran 1,024,000 ns since.
    a->_cputime_estimator = (uint64_t(1000) << 32) | (3221225472u >> 10);
    a->stat_switches._counter = 17;
    auto timer = new sched::timer_base;
    timer->_time += uptime(7'000'000'000);
    d->_active_timers.push_back(*timer);

    // Each holds one and wants the other's: the second lock of each waits.
    sched::s_current = a;
    first->lock();
    sched::s_current = b;
    second->lock();
    run(a, [] { second->lock(); asm volatile(""); });
    run(b, [] { first->lock(); asm volatile(""); });
    run(c, [] { second->lock(); asm volatile(""); });
    run(d, [=] { d->join(*a); asm volatile(""); });
    run(e, [=] { e->wait(); asm volatile(""); });

    auto library = new elf::object;
    library->_pathname = "/usr/lib/libfirst.so";
    library->_base = (void *)0x100000000000;
    library->_end = (void *)0x100000010000;
    auto program = new elf::object;
    program->_pathname = "/a program with a long path, beyond what a small string holds";
    program->_base = (void *)0x100000010000;
    program->_end = (void *)0x100000020000;
    elf::program::s_objs = {library, program};

    for (unsigned id : {1, 2, 7, 8, 9, 10, 11, 300}) {
        thread *t = sched::thread_map[id];
        printf("thread %u %p %.16s\n", id, (void *)t, t->_attr._name.data());
    }
    printf("first %p\nsecond %p\n", (void *)first, (void *)second);
    fflush(stdout);
    asm volatile("int3");
}
