# Run by gdb: attaches to a guest's stub with its kernel's symbols, and answers what comes on standard input, a question a line.
import os
import signal
import sys
import threading

import gdb

FOLDER = "@FOLDER@"

for command in ["set pagination off", "set confirm off", "set width 0", "set debuginfod enabled off", "set architecture i386:x86-64",
                "set backtrace limit 60", "set max-value-size unlimited",
                # The offsets of per-CPU variables are not moved with the kernel.
                "add-symbol-file @VMLINUX@ -o @SHIFT@ -s .data..percpu 0",
                "target remote @SOCKET@"]:
    gdb.execute(command, to_string=True)


def answer(text):
    sys.stdout.write("\n@@%s\n" % text)
    sys.stdout.flush()


def run(function):
    gdb.execute("tbreak *%s" % function, to_string=True)
    gdb.execute("continue", to_string=True)
    return gdb.selected_thread().num - 1


def wait(seconds):
    timer = threading.Timer(seconds, lambda: os.kill(os.getpid(), signal.SIGINT))
    timer.start()
    gdb.execute("continue", to_string=True)
    return gdb.selected_thread().num - 1


def select(cpu):
    for thread in gdb.selected_inferior().threads():
        if thread.num == cpu + 1:
            thread.switch()
            gdb.newest_frame().select()


def print_all():
    select(0)
    with open(FOLDER + "/expressions") as expressions, open(FOLDER + "/printed", "w") as out:
        for line in expressions:
            try:
                text = gdb.execute("print " + line.rstrip("\n"), to_string=True)
                text = text[text.index(" = ") + 3:].rstrip("\n")
            except gdb.error as error:
                text = "error: " + str(error)
            out.write(text.replace("\n", "\\n") + "\n")


def variables(frame):
    # Of several with a name the innermost is meant in gdb, all are listed here; those have no single answer.
    found, twice = {}, set()
    frame.select()
    try:
        block = frame.block()
    except RuntimeError:
        return {}
    while block is not None:
        for symbol in block:
            if not (symbol.is_argument or symbol.is_variable) or symbol.addr_class == gdb.SYMBOL_LOC_STATIC:
                continue
            if symbol.name in found:
                twice.add(symbol.name)
                continue
            try:
                value = frame.read_var(symbol, block)
                text = "<optimized out>" if value.is_optimized_out else value.format_string(max_elements=200, repeat_threshold=10)
            except (gdb.error, gdb.MemoryError) as error:
                text = "error: " + str(error)
            found[symbol.name] = text.replace("\n", "\\n").replace("\t", "\\t")
        if block.function is not None:
            break
        block = block.superblock
    for name in twice:
        del found[name]
    return found


def stacks():
    with open(FOLDER + "/stacks", "w") as out:
        for thread in sorted(gdb.selected_inferior().threads(), key=lambda thread: thread.num):
            thread.switch()
            frame = gdb.newest_frame()
            while frame is not None:
                place = frame.find_sal()
                kind = {gdb.INLINE_FRAME: "inline", gdb.TAILCALL_FRAME: "tail"}.get(frame.type(), "")
                parts = [str(thread.num - 1), "%x" % frame.pc(), kind, frame.name() or "",
                         place.symtab.filename if place.symtab else "", str(place.line)]
                for name, text in variables(frame).items():
                    parts += [name, text]
                out.write("\t".join(parts) + "\n")
                try:
                    frame = frame.older()
                except (gdb.error, gdb.MemoryError):
                    frame = None


answer("ready")
for line in sys.stdin:
    words = line.split()
    if words[0] == "run":
        answer(run(words[1]))
    elif words[0] == "wait":
        answer(wait(float(words[1])))
    elif words[0] == "print":
        print_all()
        answer("printed")
    elif words[0] == "stacks":
        stacks()
        answer("written")
