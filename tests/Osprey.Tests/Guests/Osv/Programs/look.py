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
    with open(FOLDER + "/programs", "w") as out:
        load_programs(out)
except (gdb.error, gdb.MemoryError, UnicodeDecodeError):
    pass  # It is not that far yet.
with open(FOLDER + "/stacks", "w") as out:
    for thread in sorted(gdb.selected_inferior().threads(), key=lambda thread: thread.num):
        write_stack(out, thread)
run("set language c++")
run("disable pretty-printer")
with open(FOLDER + "/expressions") as expressions, open(FOLDER + "/printed", "w") as out:
    for line in expressions:
        line = line.rstrip("\n")
        if line and not line.startswith("#"):
            out.write(line + "\t" + evaluate(line).replace("\n", "\\n") + "\n")
run("disconnect")
