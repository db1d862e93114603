# Run by gdb: stops a program in each of its modes, writes a core file and gdb's frames.
FOLDER = "@FOLDER@"
MODES = "@MODES@".split()

for command in ["set confirm off", "set pagination off", "set debuginfod enabled off", "set startup-with-shell off",
                "set width 0", "break stop_here"]:
    gdb.execute(command, to_string=True)

for mode in MODES:
    gdb.execute("run " + mode, to_string=True)
    gdb.execute("generate-core-file %s/%s.core" % (FOLDER, mode), to_string=True)
    with open("%s/%s.frames" % (FOLDER, mode), "w") as out:
        frame = gdb.newest_frame()
        while frame is not None:
            kind = " jumps" if frame.type() == gdb.TAILCALL_FRAME else ""
            out.write("%x %s:%s%s\n" % (frame.pc(), frame.name(), frame.find_sal().line, kind))
            frame = frame.older()
gdb.execute("kill", to_string=True)
