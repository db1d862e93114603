# Run by gdb with an OSv kernel: connects to the stub of a guest that stands, and leaves it as it was. Writes the guest's programs,
# the vCPUs' stacks, and what expressions print as.
import os
import gdb

SOCKET, FOLDER, BUILD = "@SOCKET@", "@FOLDER@", "@BUILD@"


def run(command):
    return gdb.execute(command, to_string=True)


def read_manifest():
    files = {}
    path = os.path.join(BUILD, "usr.manifest")
    for line in open(path) if os.path.exists(path) else []:
        guest, _, host = line.strip().partition(": ")
        if guest.startswith("/") and host and not host.startswith("->"):
            files[guest] = os.path.normpath(os.path.join(BUILD, host))
    return files


def load_programs(out):
    files = read_manifest()
    vector = gdb.parse_and_eval("elf::program::s_objs._M_impl")
    start, count = vector["_M_start"], int(vector["_M_finish"] - vector["_M_start"])
    for i in range(min(count, 1000) if int(start) else 0):
        item = start[i].dereference()
        path = files.get(item["_pathname"]["_M_dataplus"]["_M_p"].string())
        base = int(item["_base"])
        if path and os.path.exists(path):
            run("add-symbol-file %s -o 0x%x" % (path, base))
            out.write("%s@0x%x\n" % (path, base))


def write_stack(out, thread):
    thread.switch()
    out.write("T\t%d\n" % (thread.num - 1))
    frame = gdb.newest_frame()
    while frame is not None:
        out.write("F\t%x\t%d\t%s\n" % (frame.pc(), frame.type() == gdb.INLINE_FRAME, frame.name() or ""))
        try:
            frame = frame.older()
        except gdb.error:
            frame = None


def number(expression):
    return int(gdb.parse_and_eval("(unsigned long)(%s)" % expression))


def read(address):
    return int.from_bytes(gdb.selected_inferior().read_memory(address, 8).tobytes(), "little")


# The walks below go by pointers at the places that the libraries have them at, and know no types.
def walk_list(header, hook):
    node = read(header)
    while node != header:
        yield node - hook
        node = read(node)


def walk_tree(header, hook, parent, left, right):
    node = read(header + left)
    while node != header:
        yield node + hook
        if read(node + right):
            node = read(node + right)
            while read(node + left):
                node = read(node + left)
        else:
            up = read(node + parent) & ~3
            while node == read(up + right):
                node, up = up, read(up + parent) & ~3
            node = up if read(node + right) != up else node


def walk_hash(first):
    while first:
        yield read(first + 16)
        first = read(first)


def walk_vector(vector):
    start, end = number(vector + "._M_impl._M_start"), number(vector + "._M_impl._M_finish")
    return [read(address) for address in range(start, end, 8)]


def hook(type, member):
    return number("&((%s *)0)->%s" % (type, member))


def boost_list(name, type, member):
    return walk_list(number("&%s.data_.root_plus_size_.m_header" % name), hook(type, member))


def boost_set(name, type, member):
    return walk_tree(number("&%s.holder.root" % name), -hook(type, member), 0, 8, 16)


def standard_set(name):
    return (read(node) for node in walk_tree(number("&%s._M_t._M_impl._M_header" % name), 32, 8, 16, 24))


def write_containers(out):
    containers = {
        "sched::cpus": lambda name: walk_vector(name),
        "sched::thread_map": lambda name: walk_hash(number(name + "._M_h._M_before_begin._M_nxt")),
        "mmu::vma_list": lambda name: boost_set(name, "mmu::vma", "_vma_list_hook"),
        "mmu::linear_vma_set": standard_set,
        "callouts::_callouts": standard_set,
        "elf::program::s_objs": lambda name: walk_vector(name),
        "hw::driver_manager::_instance->_drivers": lambda name: walk_vector(name),
        "tracepoint_base::tp_list": lambda name: boost_list(name, "tracepoint_base", "tp_list_link"),
        "memory::free_page_ranges._free_huge": lambda name: boost_set(name, "memory::page_range", "set_hook"),
    }
    for i in range(16):
        containers["memory::free_page_ranges._free[%d]" % i] = lambda name: boost_list(name, "memory::page_range", "list_hook")
    for cpu in range(len(gdb.selected_inferior().threads())):
        containers["sched::cpus._M_impl._M_start[%d]->runqueue" % cpu] = lambda name: boost_set(name, "sched::thread", "_runqueue_link")
    for name, walk in containers.items():
        out.write("%s\t%s\n" % (name, " ".join("%x" % address for address in walk(name))))


def evaluate(expression):
    try:
        text = run("print " + expression)
        return text[text.index(" = ") + 3:].rstrip("\n")
    except gdb.error as error:
        return "error: " + str(error)


for setting in ["confirm off", "pagination off", "width 0", "debuginfod enabled off", "backtrace past-main on", "backtrace past-entry on",
                "backtrace limit 100"]:
    run("set " + setting)
run("target remote " + SOCKET)
try:
    try:
        with open(FOLDER + "/programs", "w") as out:
            load_programs(out)
    except (gdb.error, gdb.MemoryError, UnicodeDecodeError):
        pass  # It is not that far yet.
    with open(FOLDER + "/stacks", "w") as out:
        for thread in sorted(gdb.selected_inferior().threads(), key=lambda thread: thread.num):
            write_stack(out, thread)
    for thread in gdb.selected_inferior().threads():
        if thread.num == 1:
            thread.switch()
    run("set language c++")
    run("set print static-members off")
    run("disable pretty-printer")
    if os.path.getsize(FOLDER + "/expressions"):
        with open(FOLDER + "/containers", "w") as out:
            write_containers(out)
    with open(FOLDER + "/expressions") as expressions, open(FOLDER + "/printed", "w") as out:
        for line in expressions:
            line = line.rstrip("\n")
            if line and not line.startswith("#"):
                out.write(line + "\t" + evaluate(line).replace("\n", "\\n") + "\n")
finally:
    run("disconnect")  # Whatever happened: gdb ends a guest that it is still connected to.
