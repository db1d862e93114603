# Run by gdb: stops a program in each of its modes, writes a core file and what gdb makes of the stack.
import re

FOLDER = "@FOLDER@"
MODES = "@MODES@".split()
STEPS = int("@STEPS@")
REGISTERS = ["rsp", "rbx", "rbp", "r12", "r13", "r14", "r15"]


def read(frame, name):
    try:
        return "%x" % (int(frame.read_register(name)) & (2**64 - 1))
    except (gdb.error, gdb.MemoryError):
        return "?"


def dump(out):
    frame = gdb.newest_frame()
    while frame is not None:
        if frame.type() in (gdb.NORMAL_FRAME, gdb.SIGTRAMP_FRAME):
            frame.select()
            text = gdb.execute("info frame", to_string=True)
            match = re.search(r"frame at 0x([0-9a-f]+)", text)
            out.write("%x %s %s\n" % (frame.pc(), match.group(1) if match else "?", " ".join(read(frame, r) for r in REGISTERS)))
        frame = frame.older()
    gdb.newest_frame().select()


def all_registers():
    names = ["rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rsp", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "rip"]
    frame = gdb.newest_frame()
    return " ".join("%s=%s" % (name, read(frame, name)) for name in names)


for command in ["set confirm off", "set pagination off", "set debuginfod enabled off", "set backtrace past-main on",
                "set backtrace past-entry on", "handle SIGSEGV nostop noprint pass", "set startup-with-shell off", "set width 0",
                "break stop_here"]:
    gdb.execute(command, to_string=True)

for mode in MODES:
    if mode == "null":
        gdb.execute("handle SIGSEGV stop nopass", to_string=True)
    gdb.execute("run " + mode, to_string=True)
    gdb.execute("generate-core-file %s/%s.core" % (FOLDER, mode), to_string=True)
    with open("%s/%s.frames" % (FOLDER, mode), "w") as out:
        dump(out)
    if mode == "null":
        gdb.execute("handle SIGSEGV nostop noprint pass", to_string=True)

if STEPS:
    # Every instruction, with the stack that it has: entries, ends and PLT stubs among them.
    gdb.execute("delete", to_string=True)
    gdb.execute("break *main", to_string=True)
    gdb.execute("run " + MODES[0], to_string=True)
    inferior = gdb.selected_inferior()
    with open("%s/steps" % FOLDER, "w") as out:
        for step in range(STEPS):
            sp = int(gdb.newest_frame().read_register("rsp"))
            start = sp & ~15
            out.write("S " + all_registers() + "\n")
            size = 4096
            while size > 64:
                try:
                    memory = inferior.read_memory(start, size)
                    break
                except gdb.MemoryError:
                    size //= 2
            out.write("M %x %s\n" % (start, memory.tobytes().hex()))
            dump(out)
            gdb.execute("stepi", to_string=True)
gdb.execute("kill", to_string=True)
