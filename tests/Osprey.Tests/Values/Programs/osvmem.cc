// A program with the types and variables by which the OSv kernel manages memory, written from their names and meanings
// alone. Its "physical memory" is a file that is mapped three times, as OSv's linear maps are. It prints the truth.
#include <array>
#include <atomic>
#include <boost/intrusive/list.hpp>
#include <boost/intrusive/set.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <set>
#include <string>
#include <sys/mman.h>
#include <unistd.h>
#include <vector>

namespace bi = boost::intrusive;

struct dentry { char *d_path; int references = 0; };
struct file { int f_flags = 0; boost::intrusive_ptr<dentry> f_dentry; int references = 0; };
void intrusive_ptr_add_ref(dentry *entry) { entry->references++; }
void intrusive_ptr_release(dentry *) {}
void intrusive_ptr_add_ref(file *entry) { entry->references++; }
void intrusive_ptr_release(file *) {}

template <typename T> struct percpu { T _var; };

namespace sched {
struct arch_thread { char interrupt_stack[4096]; char exception_stack[8192]; };
class thread {
public:
    virtual ~thread() = default;
    unsigned _id = 7;
    arch_thread _arch;
};
class cpu {
public:
    unsigned id;
    char *percpu_base;
    char idle_stack[64];
};
std::vector<cpu *> cpus;
} // namespace sched

namespace mmu {
enum class mem_area { main, page, mempool, debug };
mem_area used_area = mem_area::mempool; // so that debug info has the type
char *const phys_mem = reinterpret_cast<char *>(0x400000000000);
enum { perm_read = 1, perm_write = 2, perm_exec = 4 };
enum {
    mmap_fixed = 1, mmap_populate = 2, mmap_shared = 4, mmap_uninitialized = 8, mmap_small = 32, mmap_file = 128,
    mmap_stack = 256, mmap_huge = 512,
};
class vma {
public:
    class addr_range { public: uintptr_t _start, _end; };
    vma(uintptr_t start, uintptr_t end, unsigned perm, unsigned flags)
        : _range{start, end}, _perm(perm), _flags(flags) {}
    virtual ~vma() = default;
    bool operator<(const vma &other) const { return _range._start < other._range._start; }
    addr_range _range;
    unsigned _perm, _flags;
    bool _map_dirty = false;
    void *_page_ops = nullptr;
    bi::set_member_hook<> _vma_list_hook;
};
class file_vma : public vma {
public:
    file_vma(uintptr_t start, uintptr_t end, unsigned perm, unsigned flags, file *from, uint64_t offset)
        : vma(start, end, perm, flags), _file(from), _offset(offset) {}
    boost::intrusive_ptr<file> _file;
    uint64_t _offset;
};
struct vma_list_type : bi::set<vma, bi::member_hook<vma, bi::set_member_hook<>, &vma::_vma_list_hook>> {};
vma_list_type vma_list;

enum class mattr { normal, dev };
struct linear_vma { void *_virt_addr; uint64_t _phys_addr; size_t _size; mattr _mem_attr; std::string _name; };
struct linear_vma_compare {
    bool operator()(const linear_vma *a, const linear_vma *b) const { return a->_virt_addr < b->_virt_addr; }
};
std::set<linear_vma *, linear_vma_compare> linear_vma_set;
struct vma_range { const vma *range; bool operator<(const vma_range &other) const { return range < other.range; } };
std::set<vma_range> vma_range_set;
} // namespace mmu

namespace memory {
size_t phys_mem_size = 800 << 20;
std::atomic<size_t> total_memory(790 << 20);
static std::atomic<size_t> free_memory(0);

struct page_range {
    explicit page_range(size_t bytes) : size(bytes) {}
    bool operator<(const page_range &other) const { return size < other.size; }
    size_t size;
    bi::set_member_hook<> set_hook;
    bi::list_member_hook<> list_hook;
};

class page_range_allocator {
public:
    void insert(void *at, size_t size, bool with_end = true)
    {
        auto range = new (at) page_range(size);
        if (with_end)
            *(page_range **)((char *)at + size - 8) = range;
        unsigned order = 63 - __builtin_clzl(size / 4096);
        if (order >= 16)
            _free_huge.insert(*range);
        else
            _free[order].push_front(*range);
        free_memory += size;
    }
private:
    bi::multiset<page_range, bi::member_hook<page_range, bi::set_member_hook<>, &page_range::set_hook>,
                 bi::constant_time_size<false>> _free_huge;
    bi::list<page_range, bi::member_hook<page_range, bi::list_member_hook<>, &page_range::list_hook>,
             bi::constant_time_size<false>> _free[16];
    page_range *_deferred_free = nullptr;
};
page_range_allocator free_page_ranges;

struct free_object { free_object *next; };
class pool {
public:
    unsigned _size;
    struct page_header {
        pool *owner;
        unsigned cpu_id, nalloc;
        bi::list_member_hook<> free_link;
        free_object *local_free;
    };
};
class malloc_pool : public pool {};
malloc_pool malloc_pools[13];

namespace page_pool {
struct l1 { size_t nr = 0; unsigned cpu_id; std::unique_ptr<sched::thread> _fill_thread; void *_pages[16]; };
struct page_batch { void *pages[4]; };
class l2 { public: size_t _max = 8; std::atomic<size_t> _nr{3}; };
__attribute__((section("percpu"))) percpu<l1 *> percpu_l1;
__attribute__((section("percpu"))) percpu<long> percpu_counter;
l2 global_l2;
page_batch batch;
} // namespace page_pool

class alloc_tracker {
public:
    struct alloc_info {
        unsigned seq, size;
        void *addr;
        int nbacktrace;
        void *backtrace[20];
        int next;
    };
    int first_free = 0, newest_allocation = 0;
    alloc_info *allocations = nullptr;
    size_t size_allocations = 0;
    unsigned long current_seq = 0;
};
alloc_tracker tracker;
bool tracker_enabled = false;
} // namespace memory

extern char _percpu_start, _percpu_end;

__attribute__((noinline)) void *allocate_small(int n) { asm volatile("" : "+r"(n)); return (void *)(long)n; }
__attribute__((noinline)) void *allocate_large(int n) { asm volatile("nop" : "+r"(n)); return (void *)(long)n; }

static char *map(uint64_t address, size_t size, int flags, int fd)
{
    void *at = mmap((void *)address, size, PROT_READ | PROT_WRITE, flags | MAP_FIXED_NOREPLACE, fd, 0);
    if (at != (void *)address) {
        perror("mmap");
        _exit(1);
    }
    return (char *)at;
}

static void make_heap(char *main_area, char *mempool_area)
{
    using namespace memory;
    size_t page = 4096;
    free_page_ranges.insert(main_area + 0x10000, page);
    free_page_ranges.insert(main_area + 0x12000, page);
    free_page_ranges.insert(main_area + 0x14000, 2 * page);
    free_page_ranges.insert(main_area + 0x18000, 3 * page);
    free_page_ranges.insert(main_area + 0x20000, 5 * page);
    for (uint64_t size : {512ul << 20, 256ul << 20}) {
        char *at = (char *)(size == 256ul << 20 ? 0x400010000000 : 0x400020000000);
        map((uint64_t)at, page, MAP_PRIVATE | MAP_ANONYMOUS, -1);
        map((uint64_t)at + size - page, page, MAP_PRIVATE | MAP_ANONYMOUS, -1);
        free_page_ranges.insert(at, size);
    }

    for (int i = 0; i < 13; i++)
        malloc_pools[i]._size = 1 << i;

    // A page of a pool of 64 bytes: 63 objects fit behind the header; all but the last two are free.
    auto header = new (mempool_area + 0x100000) pool::page_header();
    header->owner = &malloc_pools[6];
    header->nalloc = 2;
    header->local_free = nullptr;
    for (int i = 3; i <= 63; i++) {
        auto object = (free_object *)(mempool_area + 0x101000 - 64 * i);
        object->next = header->local_free;
        header->local_free = object;
    }

    // A large block: its header, and what malloc gave out behind it.
    new (main_area + 0x200000) page_range(3 * page);
    for (int cpu = 0; cpu < 2; cpu++) {
        auto cache = new page_pool::l1;
        cache->nr = cpu + 1;
        for (int i = 0; i <= cpu; i++)
            cache->_pages[i] = (void *)(0x500000300000 + page * (2 * cpu + i));
        char *block = (char *)aligned_alloc(page, page);
        memcpy(block, &_percpu_start, &_percpu_end - &_percpu_start);
        auto the_cpu = new sched::cpu{(unsigned)cpu, block - (uint64_t)&_percpu_start, {}};
        *(page_pool::l1 **)(the_cpu->percpu_base + (uint64_t)&page_pool::percpu_l1._var) = cache;
        sched::cpus.push_back(the_cpu);
        printf("percpu%d %p\ncpu%d %p\n", cpu, (void *)block, cpu, (void *)the_cpu);
    }
}

static void make_maps()
{
    using namespace mmu;
    auto entry = new dentry{strdup("/usr/lib/libfirst.so")};
    auto from = new file;
    from->f_dentry = entry;
    for (auto area : {
             new vma(0, 0, 0, 0),
             new vma(0x200000000000, 0x200000001000, 0, mmap_populate),
             new vma(0x200000002000, 0x200000101000, perm_read | perm_write, mmap_populate | mmap_stack | mmap_huge),
             new vma(0x200000400000, 0x200000600000, perm_read | perm_write | perm_exec, 0x40000000),
             new vma(0x400000000000, 0x400000000000, 0, 0),
         })
        vma_list.insert(*area);

    vma_list.insert(*new file_vma(0x100000000000, 0x10000003f000, perm_read, mmap_fixed | mmap_small | mmap_file, from, 0));
    vma_list.insert(
        *new file_vma(0x10000003f000, 0x100000095000, perm_read | perm_exec, mmap_fixed | mmap_small | mmap_file, from, 0x3f000));
    size_t whole = 4 << 20;
    for (auto linear : {
             new linear_vma{(void *)0x400000000000, 0, whole, mattr::normal, "main"},
             new linear_vma{(void *)0x4000fee00000, 0xfee00000, 4096, mattr::dev, "a name longer than a small string"},
             new linear_vma{(void *)0x500000000000, 0, whole, mattr::normal, "page"},
             new linear_vma{(void *)0x600000000000, 0, whole, mattr::normal, "mempool"},
         })
        linear_vma_set.insert(linear);
}

static void make_record()
{
    using memory::tracker;
    int count = 200;
    tracker.size_allocations = 256;
    tracker.allocations = new memory::alloc_tracker::alloc_info[256]();
    for (int i = 0; i < count; i++) {
        auto &item = tracker.allocations[i];
        bool is_large = i % 4 == 0;
        item.seq = 1000 + i;
        item.size = is_large ? 4096 : 16 + i % 2;
        item.addr = i % 5 == 4 ? nullptr : (void *)(0x600000100000 + 64 * i);
        item.nbacktrace = 2;
        item.backtrace[0] = (char *)(is_large ? (void *)allocate_large : (void *)allocate_small) + 1;
        item.backtrace[1] = (char *)(void *)make_record + 1;
        item.next = -1;
    }
    tracker.current_seq = 5333;
}

int main()
{
    int fd = memfd_create("memory", 0);
    size_t size = 4 << 20;
    if (ftruncate(fd, size) != 0)
        return 1;
    char *main_area = map(0x400000000000, size, MAP_SHARED, fd);
    map(0x500000000000, size, MAP_SHARED, fd);
    char *mempool_area = map(0x600000000000, size, MAP_SHARED, fd);
    make_heap(main_area, mempool_area);
    make_maps();
    make_record();
    auto thread = new sched::thread;
    printf("thread_object %p\n", (void *)thread);
    printf("enabled %p\n", (void *)&memory::tracker_enabled);
    printf("counter %p\n", (void *)&memory::page_pool::percpu_counter);
    printf("start %p\n", (void *)&_percpu_start);
    fflush(stdout);
    allocate_small(1);
    allocate_large(2);
    asm volatile("int3");
}
