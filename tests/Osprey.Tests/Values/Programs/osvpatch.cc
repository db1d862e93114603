// A program with the types and variables of OSv's tracepoints and trace buffers, and places in its code that hit them,
// written from their names and meanings alone. With -DNO_RINGS it has not allocated the buffers.
#include <atomic>
#include <boost/intrusive/list.hpp>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <tuple>
#include <typeinfo>
#include <vector>

namespace bi = boost::intrusive;

namespace osv {
template <typename T> class rcu_ptr { public: std::atomic<T *> _ptr; };
} // namespace osv
namespace lockfree { struct mutex { std::atomic<int> count{0}; unsigned depth = 0; }; }
namespace sched { struct cpu { unsigned id; char *percpu_base; }; std::vector<cpu *> cpus; }
template <typename T> class percpu { public: T _var; };
struct trace_buf { std::unique_ptr<char[], void (*)(void *)> _base{nullptr, free}; size_t _last = 0, _size = 0; };
percpu<trace_buf> percpu_trace_buffer;
lockfree::mutex trace_control_lock;

typedef std::tuple<const std::type_info *, unsigned long> tracepoint_id;
class tracepoint_base {
public:
    struct probe { virtual ~probe() = default; };
    tracepoint_id id;
    const char *name, *format, *sig;
    bi::list_member_hook<> tp_list_link;
    bool _backtrace = false, _logging = false, active = false;
    osv::rcu_ptr<std::vector<probe *>> probes_ptr;
    using list_type = bi::list<tracepoint_base, bi::member_hook<tracepoint_base, bi::list_member_hook<>, &tracepoint_base::tp_list_link>,
                               bi::constant_time_size<false>>;
    static list_type tp_list;
};
tracepoint_base::list_type tracepoint_base::tp_list;

// Five places, two of them of one tracepoint; that at site_hot jumps already.
asm(R"(
    .text
    .balign 64
code_start:
    .balign 2
site_open:
    .byte 0x0f, 0x1f, 0x44, 0x00, 0x00
    ret
slow_open:
    nop
    ret
    .balign 2
site_open_again:
    .byte 0x0f, 0x1f, 0x44, 0x00, 0x00
    ret
    .balign 64
site_close:
    .byte 0x0f, 0x1f, 0x44, 0x00, 0x00
    ret
slow_close:
    nop
    ret
    .balign 2
site_counted:
    .byte 0xe9
    .long slow_counted - site_counted - 5
    ret
slow_counted:
    nop
    ret
    .balign 2
site_hot:
    .byte 0xe9
    .long slow_hot - site_hot - 5
    ret
slow_hot:
    nop
    ret
code_end:
)");
extern "C" char code_start[], code_end[], site_open[], site_open_again[], site_close[], site_counted[], site_hot[], slow_open[], slow_close[],
    slow_counted[], slow_hot[];

struct patch_site { unsigned long id; const std::type_info *type; void *site, *slow_path; };
extern "C" {
extern patch_site __tracepoint_patch_sites_start[];
patch_site __tracepoint_patch_sites_start[] = {
    {1, &typeid(int), site_open, slow_open},          {2, &typeid(int), site_close, slow_close},
    {1, &typeid(int), site_open_again, slow_open},    {1, &typeid(long), site_counted, slow_counted},
    {3, &typeid(int), site_hot, slow_hot},
};
}
asm(".globl __tracepoint_patch_sites_end\n.set __tracepoint_patch_sites_end, __tracepoint_patch_sites_start + 5 * 32");

tracepoint_base *add(const char *name, unsigned long id, const std::type_info *type, bool logs)
{
    auto point = new tracepoint_base;
    point->id = tracepoint_id(type, id);
    point->name = name;
    point->format = "";
    point->sig = "";
    point->_logging = point->active = logs;
    point->probes_ptr._ptr = new std::vector<tracepoint_base::probe *>;
    tracepoint_base::tp_list.push_back(*point);
    printf("%s %p\n", name, (void *)point);
    return point;
}

int main()
{
    for (unsigned i = 0; i < 2; i++) {
        auto block = (char *)calloc(1, 1 << 20);
        sched::cpus.push_back(new sched::cpu{i, block - (size_t)&percpu_trace_buffer});
        auto buffer = new (block) trace_buf;
#ifndef NO_RINGS
        buffer->_base.reset((char *)calloc(1, 8192));
        buffer->_size = 8192;
#endif
        (void)buffer;
    }
    add("file_open", 1, &typeid(int), false);
    add("file_close", 2, &typeid(int), false)->_backtrace = true;
    auto counted = add("counted", 1, &typeid(long), false);
    counted->active = true;
    counted->probes_ptr._ptr.load()->push_back(new tracepoint_base::probe);
    add("hot", 3, &typeid(int), true);
    add("nowhere", 4, &typeid(int), false);
    printf("code %p\ncode_end %p\ntable %p\nlock %p\n", (void *)code_start, (void *)code_end, (void *)__tracepoint_patch_sites_start,
           (void *)&trace_control_lock);
    fflush(stdout);
    asm volatile("int3");
}
