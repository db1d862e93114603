// A program with the types and variables of OSv's scheduler, per-CPU data, thread-locals, callouts, virtio drivers, ZFS
// and tracepoints, written from their names and meanings alone. Its threads are stopped where they "wait", registers
// saved as a scheduler saves them. It prints the truth about itself.
#include <array>
#include <atomic>
#include <boost/intrusive/list.hpp>
#include <boost/intrusive/set.hpp>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <link.h>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <unistd.h>
#include <unordered_map>
#include <vector>

namespace bi = boost::intrusive;
using uptime = std::chrono::nanoseconds;
using moment = std::chrono::time_point<std::chrono::steady_clock, uptime>;

struct thread_control_block { thread_control_block *self; char *tls_base; };
struct thread_state { void *rsp, *rbp, *rip, *exception_stack; };

template <typename T> struct lockless_queue_helper { std::atomic<T *> _next{nullptr}; };
template <typename T> struct lockless_queue_link {
    lockless_queue_helper<T> *_helper = new lockless_queue_helper<T>, *_next = nullptr;
};
template <typename T, lockless_queue_link<T> T::*link> class lockless_queue {
public:
    void push_back(T &element)
    {
        auto helper = (element.*link)._helper;
        (element.*link)._next = helper;
        (element.*link)._helper = _tail;
        _tail->_next = &element;
        _tail = helper;
    }
    alignas(64) lockless_queue_helper<T> *_head = new lockless_queue_helper<T>;
    alignas(64) lockless_queue_helper<T> *_tail = _head;
};

// Loaded files with thread-locals, and an application that one of them is.
namespace elf {
class object {
public:
    virtual ~object() = default;
    std::string _pathname;
    void *_base, *_end, *_tls_segment;
    unsigned long _tls_init_size, _tls_uninit_size, _tls_alignment;
    unsigned long _module_index;
    bool _is_dynamically_linked_executable;
};
class program { public: static std::vector<object *> s_objs; };
std::vector<object *> program::s_objs;
} // namespace elf
namespace osv {
class application { public: std::shared_ptr<elf::object> _lib; };
struct application_runtime { application &app; };
} // namespace osv

namespace sched {
struct cpu;
class thread {
public:
    enum class status { invalid, prestarted, unstarted, waiting, sending_lock, running, queued, waking, terminating, terminated };
    struct detached_state { thread *t; cpu *_cpu; std::atomic<status> st; };
    struct stack_info { void *begin; size_t size; };
    struct attr { stack_info _stack; std::array<char, 16> _name; };
    struct runtime { float _priority, _Rtt; };
    struct realtime { unsigned _priority; uptime _time_slice; };

    thread(unsigned id, const char *name, status st, cpu *on, float vruntime = 0, unsigned priority = 0);
    void wait() __attribute__((noinline));

    thread_state _state{};
    thread_control_block *_tcb;
    runtime _runtime;
    realtime _realtime;
    std::unique_ptr<detached_state> _detached_state;
    attr _attr{};
    unsigned _id;
    std::vector<char *> _tls;
    std::shared_ptr<osv::application_runtime> _app_runtime;
    bi::set_member_hook<> _runqueue_link;
    lockless_queue_link<thread> _wakeup_link;
};
struct by_runtime {
    bool operator()(const thread &one, const thread &other) const
    {
        return one._realtime._priority != other._realtime._priority ? one._realtime._priority > other._realtime._priority
                                                                   : one._runtime._Rtt < other._runtime._Rtt;
    }
};
using runqueue_type = bi::rbtree<thread, bi::member_hook<thread, bi::set_member_hook<>, &thread::_runqueue_link>,
                                 bi::compare<by_runtime>>;
struct arch_cpu { thread_control_block *_current_thread_kernel_tcb; };
struct cpu {
    typedef lockless_queue<thread, &thread::_wakeup_link> incoming_wakeup_queue;
    unsigned id;
    arch_cpu arch;
    runqueue_type runqueue;
    incoming_wakeup_queue *incoming_wakeups;
    moment running_since;
    char *percpu_base;
};
std::vector<cpu *> cpus;
std::unordered_map<unsigned, thread *> thread_map;
thread_local thread *s_current;
thread_local int depth = 5;
} // namespace sched

// Per-CPU data: the variables are templates; each CPU has a copy of the section.
template <typename T> class percpu {
public:
    T _var;
};
template <typename T, size_t align = alignof(T)> class dynamic_percpu {
public:
    size_t _offset;
};
struct trace_buf { std::unique_ptr<char[], void (*)(void *)> _base{nullptr, free}; size_t _last, _size; };
struct counters { int hits; std::array<int, 3> parts; };
percpu<counters> percpu_counts;
percpu<trace_buf> percpu_trace_buffer;
dynamic_percpu<long> dynamic_count;

// Locks.
struct waiter { alignas(64) std::atomic<sched::thread *> t; };
struct wait_record : waiter { wait_record *next = nullptr; };
namespace lockfree {
template <typename T> struct linked_item { T value; linked_item<T> *next = nullptr; };
template <typename T> struct queue_mpsc { std::atomic<T *> pushlist{nullptr}, poplist{nullptr}; };
struct mutex {
    std::atomic<int> count{0};
    unsigned depth = 0;
    std::atomic<sched::thread *> owner{nullptr};
    struct { std::atomic<wait_record *> pushlist{nullptr}; wait_record *poplist = nullptr; } waitqueue;
    void lock() __attribute__((noinline));
};
} // namespace lockfree
struct condvar {
    lockfree::mutex _m;
    struct { wait_record *oldest = nullptr, *newest = nullptr; } _waiters_fifo;
    lockfree::mutex *_user_mutex = nullptr;
    void wait(lockfree::mutex *user) __attribute__((noinline));
};
class waitqueue {
public:
    struct { wait_record *oldest = nullptr, *newest = nullptr; } _waiters_fifo;
    void wait(lockfree::mutex &user) __attribute__((noinline));
};
class semaphore {
public:
    virtual ~semaphore() = default;
    struct wait_record : bi::list_base_hook<> { sched::thread *owner; unsigned units; };
    unsigned _val = 0;
    lockfree::mutex _mtx;
    bi::list<wait_record, bi::base_hook<wait_record>, bi::constant_time_size<false>> _waiters;
    void wait(unsigned units) __attribute__((noinline));
};
class rwlock {
public:
    lockfree::queue_mpsc<lockfree::linked_item<sched::thread *>> _read_waiters;
    lockfree::mutex _wmtx;
    std::atomic<unsigned> _readers{0};
    std::atomic<bool> _writer_wait{false};
    void rlock() __attribute__((noinline));
    void wlock() __attribute__((noinline));
};

// Callouts.
struct callout { void *waiter_thread; int c_flags; uint64_t c_ticks, c_time; moment c_to_ns; void (*c_fn)(void *); void *c_arg; };
namespace callouts {
struct compare {
    bool operator()(callout *one, callout *other) const { return one->c_to_ns < other->c_to_ns; }
};
std::set<callout *, compare> _callouts;
} // namespace callouts
void tick(void *) {}
void purge(void *) {}
callout ticking, purging;

// Devices.
namespace hw {
class hw_driver { public: virtual ~hw_driver() = default; };
class driver_manager { public: static driver_manager *_instance; virtual ~driver_manager() = default; std::vector<hw_driver *> _drivers; };
driver_manager *driver_manager::_instance;
} // namespace hw
namespace virtio {
struct vring_avail { std::atomic<uint16_t> _flags, _idx; uint16_t _ring[4]; };
struct vring_used { std::atomic<uint16_t> _flags, _idx; };
class vring {
public:
    virtual ~vring() = default;
    unsigned _num;
    uint16_t _avail_head = 0, _used_ring_host_head, _used_ring_guest_head = 0, _avail_added_since_kick, _avail_count;
    vring_avail *_avail;
    vring_used *_used;
    std::atomic<uint16_t> *_avail_event, *_used_event;
};
class virtio_driver : public hw::hw_driver {
public:
    vring *_queues[64] = {};
    uint32_t _num_queues = 0;
    bool _cap_indirect_buf = false, _cap_event_idx = false;
    uint64_t _enabled_features = 0;
};
class net : public virtio_driver {};
class blk : public virtio_driver {};
class scsi_base : public virtio_driver {};
class scsi : public scsi_base {};
} // namespace virtio
class other_driver : public hw::hw_driver { public: int x = 0; };

// Memory.
namespace memory {
class reclaimer_waiters {
public:
    struct wait_node : bi::list_base_hook<> { sched::thread *owner; size_t bytes; };
    bi::list<wait_node, bi::base_hook<wait_node>, bi::constant_time_size<false>> _waiters;
    void wait(size_t bytes);
};
class reclaimer { public: reclaimer_waiters _oom_blocked; std::unique_ptr<sched::thread> _thread; };
reclaimer reclaimer_thread;
} // namespace memory

// Tracepoints.
class tracepoint_base {
public:
    virtual ~tracepoint_base() = default;
    const char *name, *format, *sig;
    bi::list_member_hook<> tp_list_link;
    bool _backtrace = false, _logging = false, active = false;
    using list_type = bi::list<tracepoint_base, bi::member_hook<tracepoint_base, bi::list_member_hook<>, &tracepoint_base::tp_list_link>,
                               bi::constant_time_size<false>>;
    static list_type tp_list;
};
tracepoint_base::list_type tracepoint_base::tp_list;

// ZFS, as FreeBSD has it or, with -DOPENZFS, as OpenZFS.
struct kstat_named_t { char name[31]; unsigned char data_type; union { int64_t i64; uint64_t ui64; } value; };
#define COUNTERS(F) F(hits) F(misses) F(mru_hits) F(mru_ghost_hits) F(mfu_hits) F(mfu_ghost_hits) F(demand_data_hits) \
    F(demand_data_misses) F(prefetch_data_hits) F(prefetch_data_misses) F(c) F(c_min) F(c_max) F(size) F(hash_elements) \
    F(hash_elements_max) F(l2_size)
struct arc_stats_t {
#define MEMBER(x) kstat_named_t arcstat_##x;
    COUNTERS(MEMBER)
#ifndef OPENZFS
    MEMBER(p)
#endif
};
static arc_stats_t arc_stats;
int zfs_prefetch_disable = 1, zil_replay_disable = 0, zfs_txg_timeout = 5;
#ifdef OPENZFS
struct wmsum_t { int64_t value; };
struct aggsum_bucket { int64_t asc_delta; uint64_t asc_borrowed; };
struct aggsum_t { int64_t as_lower_bound; uint64_t as_upper_bound; aggsum_bucket *as_buckets; unsigned as_numbuckets; };
static struct { wmsum_t arcstat_hits, arcstat_misses; aggsum_t arcstat_size; } arc_sums;
static struct { wmsum_t zfetchstat_hits, zfetchstat_misses; } zfetch_sums;
#else
int zfs_vdev_cache_size = 7, zfs_vdev_cache_max = 16384;
static struct { kstat_named_t vdc_stat_delegations, vdc_stat_hits, vdc_stat_misses; } vdc_stats;
#endif
static struct { kstat_named_t zfetchstat_hits, zfetchstat_misses; } zfetch_stats;

std::atomic<int> waiting;
std::atomic<bool> is_over;

// The size of the program's own block of thread-locals, which ends where the thread pointer leads to.
size_t tls_size;
int find_size(dl_phdr_info *info, size_t, void *)
{
    for (int i = 0; i < info->dlpi_phnum; i++)
        if (info->dlpi_phdr[i].p_type == PT_TLS)
            tls_size = (info->dlpi_phdr[i].p_memsz + info->dlpi_phdr[i].p_align - 1) & -info->dlpi_phdr[i].p_align;
    return 1; // the first one is the program
}
char *own_block()
{
    char *pointer;
    asm("mov %%fs:0, %0" : "=r"(pointer));
    return pointer - tls_size;
}

sched::thread::thread(unsigned id, const char *name, status st, cpu *on, float vruntime, unsigned priority)
    : _runtime{1, vruntime}, _realtime{priority, uptime(0)}, _detached_state(new detached_state{this, on, {st}}), _id(id)
{
    // A block of the kernel's thread-locals, a copy of the program's own, and the control block behind it.
    auto block = (char *)aligned_alloc(64, tls_size + 64);
    memcpy(block, own_block(), tls_size);
    *(thread **)(block + ((char *)&s_current - own_block())) = this;
    *(int *)(block + ((char *)&depth - own_block())) = 100 + id;
    _tcb = (thread_control_block *)(block + tls_size);
    _tcb->self = _tcb;
    _tcb->tls_base = block;
    strncpy(_attr._name.data(), name, _attr._name.size());
    thread_map[id] = this;
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

#line 2000 "lfmutex.cc"
void lockfree::mutex::lock()
{
    sched::thread *current = sched::s_current;
    if (count.fetch_add(1) == 0) {
        owner = current;
        return;
    }
    wait_record record{{current}};
    record.next = waitqueue.pushlist.load();
    waitqueue.pushlist = &record;
    current->wait();
    asm volatile("" : : "r"(&record), "r"(this) : "memory");
}

#line 2100 "condvar.cc"
void condvar::wait(lockfree::mutex *user)
{
    wait_record record{{sched::s_current}};
    (_waiters_fifo.oldest ? _waiters_fifo.newest->next : _waiters_fifo.oldest) = &record;
    _waiters_fifo.newest = &record;
    _user_mutex = user;
    sched::s_current->wait();
    asm volatile("" : : "r"(&record), "r"(this) : "memory");
}

#line 2200 "waitqueue.cc"
void waitqueue::wait(lockfree::mutex &user)
{
    wait_record record{{sched::s_current}};
    (_waiters_fifo.oldest ? _waiters_fifo.newest->next : _waiters_fifo.oldest) = &record;
    _waiters_fifo.newest = &record;
    sched::s_current->wait();
    asm volatile("" : : "r"(&record), "r"(this), "r"(&user) : "memory");
}

#line 2300 "semaphore.cc"
void semaphore::wait(unsigned units)
{
    wait_record record;
    record.owner = sched::s_current;
    record.units = units;
    _waiters.push_back(record);
    sched::s_current->wait();
    asm volatile("" : : "r"(&record), "r"(this) : "memory");
}

#line 2400 "rwlock.cc"
void rwlock::rlock()
{
    if (_readers < 0x40000000) {
        _readers += 0x10000;
        return;
    }
    _readers++;
    lockfree::linked_item<sched::thread *> item{sched::s_current};
    item.next = _read_waiters.pushlist;
    _read_waiters.pushlist = &item;
    sched::s_current->wait();
    asm volatile("" : : "r"(&item), "r"(this) : "memory");
}

void rwlock::wlock()
{
    _wmtx.lock();
    _writer_wait = true;
    _readers |= 0x40000000;
    if ((_readers & 0x3fff0000) == 0) {
        _readers += 0x40000000;
        return;
    }
    sched::s_current->wait();
    asm volatile("" : : "r"(this) : "memory");
}

#line 2500 "mempool.cc"
void memory::reclaimer_waiters::wait(size_t bytes)
{
    wait_node node;
    node.owner = sched::s_current;
    node.bytes = bytes;
    _waiters.push_back(node);
    sched::s_current->wait();
    asm volatile("" : : "r"(&node), "r"(this) : "memory");
}

#line 3000 "osvsched.cc"
lockfree::mutex *a_mutex;
condvar *a_condition;
waitqueue *a_queue;
semaphore *a_semaphore;
rwlock *read_lock, *written_lock;

template <typename F> void run(sched::thread *thread, F body)
{
    int before = waiting;
    std::thread([=] { sched::s_current = thread; body(); asm volatile(""); }).detach();
    while (waiting == before)
        usleep(100);
}

template <typename Driver>
Driver *add_driver(bool events, uint64_t features, std::initializer_list<std::array<unsigned, 8>> queues)
{
    auto driver = new Driver;
    driver->_cap_event_idx = events;
    driver->_enabled_features = features;
    for (auto &q : queues) {
        auto ring = new virtio::vring;
        ring->_num = q[0];
        ring->_avail = new virtio::vring_avail{{uint16_t(q[6])}, {uint16_t(q[1])}, {}};
        ring->_used = new virtio::vring_used{{uint16_t(q[7])}, {uint16_t(q[2])}};
        ring->_used_ring_host_head = q[3];
        ring->_avail_count = q[0] - uint16_t(q[1] - q[2]);
        ring->_avail_added_since_kick = 0;
        ring->_avail_event = new std::atomic<uint16_t>(q[4]);
        ring->_used_event = new std::atomic<uint16_t>(q[5]);
        driver->_queues[driver->_num_queues++] = ring;
    }
    hw::driver_manager::_instance->_drivers.push_back(driver);
    return driver;
}

tracepoint_base *add_tracepoint(const char *name, const char *format, const char *sig, bool logs, bool stacks)
{
    auto point = new tracepoint_base;
    point->name = name;
    point->format = format;
    point->sig = sig;
    point->_logging = point->active = logs;
    point->_backtrace = stacks;
    tracepoint_base::tp_list.push_back(*point);
    return point;
}

void add_sample(char *&at, tracepoint_base *point, bool stacks, size_t payload)
{
    *(void **)at = point;
    *(unsigned *)(at + 44) = stacks ? 0xff01 : 0xff00; // only the lowest bit counts
    at += 48 + (stacks ? 80 : 0);
    memset(at, 7, payload);
    at += (payload + 7) / 8 * 8;
}

int main()
{
    using sched::thread;
    using status = thread::status;
    dl_iterate_phdr(find_size, nullptr);
    sched::cpu *cpus[2];
    for (unsigned i = 0; i < 2; i++) {
        cpus[i] = new sched::cpu{i, {}, {}, new sched::cpu::incoming_wakeup_queue[2], {}, nullptr};
        cpus[i]->running_since += uptime(5'000'000'000 + i);
        sched::cpus.push_back(cpus[i]);
    }

    auto idle = new thread(1, "idle0", status::running, cpus[0], __builtin_inff());
    auto runner = new thread(2, "runner", status::running, cpus[1], 3);
    cpus[0]->arch._current_thread_kernel_tcb = idle->_tcb;
    cpus[1]->arch._current_thread_kernel_tcb = runner->_tcb;
    auto late = new thread(3, "late", status::queued, cpus[1], 9.5);
    auto soon = new thread(4, "soon", status::queued, cpus[1], 1.25);
    auto first = new thread(5, "realtime", status::queued, cpus[1], 100, 7);
    for (auto t : {late, soon, first})
        cpus[1]->runqueue.insert_equal(*t);
    auto woken = new thread(6, "woken", status::waking, cpus[0], 2);
    auto too = new thread(7, "woken too", status::waking, cpus[0], 4);
    auto own = new thread(8, "woken here", status::waking, cpus[0], 6);
    cpus[0]->incoming_wakeups[1].push_back(*woken);
    cpus[0]->incoming_wakeups[1].push_back(*too);
    cpus[0]->incoming_wakeups[0].push_back(*own);

    // Each CPU's block is a copy whose place is such that the variable's own address leads into it.
    auto low = (char *)&percpu_counts < (char *)&percpu_trace_buffer ? (char *)&percpu_counts : (char *)&percpu_trace_buffer;
    char *memory[2];
    for (int i = 0; i < 2; i++) {
        memory[i] = (char *)calloc(1, 1 << 20);
        cpus[i]->percpu_base = memory[i] - (size_t)low;
        auto counts = (counters *)(cpus[i]->percpu_base + (size_t)&percpu_counts);
        *counts = {10 + i, {{1, 2 + i, 3}}};
        dynamic_count._offset = (size_t)low + (1 << 19);
        *(long *)(cpus[i]->percpu_base + dynamic_count._offset) = -5 - i;
    }

    // Tracepoints, and a ring of two pages on the first CPU.
    auto wait_point = add_tracepoint("sched_wait", "", "", true, false);
    auto load = add_tracepoint("load", "a=%d b=%s", "ip", true, true);
    add_tracepoint("quiet", "%p", "P", false, false);
    auto counted = add_tracepoint("counted", "", "", false, false);
    counted->active = true;
    auto ring = (char *)aligned_alloc(4096, 8192);
    memset(ring, 0, 8192);
    auto at = ring;
    add_sample(at, wait_point, false, 0);
    add_sample(at, load, true, 54);
    add_sample(at, wait_point, true, 0);
    at = ring + 4096;
    add_sample(at, load, false, 54);
    *(void **)at = (void *)-1L;
    auto buffer = (trace_buf *)(cpus[0]->percpu_base + (size_t)&percpu_trace_buffer);
    new (buffer) trace_buf;
    buffer->_base.reset(ring);
    buffer->_size = 8192;
    buffer->_last = at + 48 - ring;

    // Callouts.
    ticking.c_flags = 6;
    ticking.c_fn = tick;
    ticking.c_arg = (void *)0x1234;
    ticking.c_to_ns += uptime(7'500'000'000);
    purging.c_flags = 0x22;
    purging.c_fn = purge;
    purging.c_to_ns += uptime(6'000'000'001);
    callouts::_callouts = {&ticking, &purging};

    // Devices: size, available, used, taken, avail_event, used_event, flags of the two sides.
    hw::driver_manager::_instance = new hw::driver_manager;
    add_driver<virtio::net>(true, 0x130000020, {{256, 256, 4, 4, 256, 4, 0, 0}, {256, 3, 3, 0, 5, 65535, 0, 0}});
    hw::driver_manager::_instance->_drivers.push_back(new other_driver);
    add_driver<virtio::blk>(false, 0x20, {{128, 2, 65535, 65534, 0, 0, 1, 0}, {128, 0, 0, 0, 0, 0, 0, 1}});
    add_driver<virtio::scsi>(false, 0, {});

    // Memory.
    for (auto [t, bytes] : {std::pair{late, 4096UL}, {soon, 1UL << 21}}) {
        auto node = new memory::reclaimer_waiters::wait_node;
        node->owner = t;
        node->bytes = bytes;
        memory::reclaimer_thread._oom_blocked._waiters.push_back(*node);
    }

    // Locks: each of the others waits for one.
    a_mutex = new lockfree::mutex;
    a_condition = new condvar;
    a_queue = new waitqueue;
    a_semaphore = new semaphore;
    read_lock = new rwlock;
    written_lock = new rwlock;
    sched::s_current = runner;
    a_mutex->lock();
    read_lock->rlock();
    read_lock->rlock();
    written_lock->wlock();
    auto waits = [&](unsigned id, const char *name) { return new thread(id, name, status::waiting, cpus[0], 1); };
    run(waits(20, "mutex"), [] { a_mutex->lock(); });
    run(waits(21, "condition"), [] { a_condition->wait(a_mutex); });
    run(waits(22, "condition too"), [] { a_condition->wait(a_mutex); });
    run(waits(23, "queue"), [] { a_queue->wait(*a_mutex); });
    run(waits(24, "semaphore"), [] { a_semaphore->wait(1); });
    run(waits(25, "units"), [] { a_semaphore->wait(3); });
    run(waits(26, "writer"), [] { read_lock->wlock(); });
    run(waits(27, "reader behind"), [] { read_lock->rlock(); });
    run(waits(28, "writer behind"), [] { read_lock->wlock(); });
    run(waits(29, "reader"), [] { written_lock->rlock(); });
    run(waits(30, "second writer"), [] { written_lock->wlock(); });
    memory::reclaimer_thread._thread.reset(runner);
    run(waits(31, "hungry"), [] { memory::reclaimer_thread._oom_blocked.wait(3 << 20); });

    // Thread-locals: the kernel's block, and of a library that some threads have used.
    static char initial[8] = {1, 0, 0, 0, 2, 0, 0, 0};
    auto library = new elf::object{};
    library->_pathname = "/usr/lib/libfirst.so";
    library->_base = (void *)0x100000000000;
    library->_end = (void *)0x100000010000;
    library->_tls_segment = initial;
    library->_tls_init_size = 8;
    library->_tls_uninit_size = 16;
    library->_module_index = 2;
    auto bare = new elf::object{};
    bare->_pathname = "/usr/lib/libbare.so";
    bare->_base = (void *)0x100000010000;
    bare->_end = (void *)0x100000020000;
    bare->_module_index = 1;
    auto executable = std::make_shared<elf::object>();
    executable->_pathname = "/app";
    executable->_base = (void *)0x100000020000;
    executable->_end = (void *)0x100000030000;
    executable->_tls_segment = initial;
    executable->_tls_init_size = 4;
    executable->_tls_uninit_size = 6;
    executable->_tls_alignment = 8;
    executable->_module_index = 3;
    executable->_is_dynamically_linked_executable = true;
    elf::program::s_objs = {library, bare, executable.get()};
    static osv::application application{executable};
    runner->_app_runtime = std::make_shared<osv::application_runtime>(osv::application_runtime{application});
    printf("runner-block %p\n", (void *)((char *)runner->_tcb - 16));
    auto used = new char[24]();
    runner->_tls = {runner->_tcb->tls_base, nullptr, used};
    soon->_tls = {soon->_tcb->tls_base};
    late->_tls = {late->_tcb->tls_base, nullptr, nullptr};

    // ZFS.
#define SET(x, v) arc_stats.arcstat_##x.value.ui64 = v
    SET(c, 1000000); SET(c_min, 1000); SET(c_max, 4000000); SET(mru_hits, 30); SET(mfu_hits, 60); SET(demand_data_hits, 70);
    SET(demand_data_misses, 10); SET(hash_elements, 12); SET(mru_ghost_hits, 2); SET(mfu_ghost_hits, 1);
#ifdef OPENZFS
    arc_sums.arcstat_hits.value = 90;
    arc_sums.arcstat_misses.value = 10;
    static aggsum_bucket buckets[2] = {{5, 10}, {-3, 8}};
    arc_sums.arcstat_size = {500000, 600000, buckets, 2};
    zfetch_sums.zfetchstat_hits.value = 6;
    zfetch_sums.zfetchstat_misses.value = 2;
#else
    SET(hash_elements_max, 15);
    SET(hits, 90); SET(misses, 10); SET(size, 500020); SET(p, 250000); SET(l2_size, 77);
    vdc_stats.vdc_stat_hits.value.ui64 = 3;
    zfetch_stats.zfetchstat_hits.value.ui64 = 1;
    zfetch_stats.zfetchstat_misses.value.ui64 = 3;
#endif

    asm volatile("" : : "r"(&arc_stats) : "memory"); // keeps what is only written
#ifdef OPENZFS
    asm volatile("" : : "r"(&arc_sums), "r"(&zfetch_sums), "r"(&zfetch_stats) : "memory");
#else
    asm volatile("" : : "r"(&vdc_stats), "r"(&zfetch_stats) : "memory");
#endif
    for (auto &[id, t] : sched::thread_map)
        printf("thread %u %p %.16s\n", id, (void *)t, t->_attr._name.data());
    printf("mutex %p\ncondition %p\nqueue %p\nsemaphore %p\n", (void *)a_mutex, (void *)a_condition, (void *)a_queue, (void *)a_semaphore);
    printf("read-lock %p\nwritten-lock %p\nused %p\ninitial %p\nring %p\n", (void *)read_lock, (void *)written_lock, (void *)used, (void *)initial, (void *)ring);
    printf("ticking %p\npurging %p\nmanager %p\n", (void *)&ticking, (void *)&purging, (void *)hw::driver_manager::_instance);
    for (size_t i = 0; i < hw::driver_manager::_instance->_drivers.size(); i++)
        printf("driver-%zu %p\n", i, (void *)hw::driver_manager::_instance->_drivers[i]);
    printf("percpu0 %p\npercpu1 %p\n", (void *)memory[0], (void *)memory[1]);
    fflush(stdout);
    asm volatile("int3");
}
