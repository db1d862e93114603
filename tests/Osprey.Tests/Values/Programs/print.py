# Runs the program to its breakpoint instruction, prints expressions and the variables of all frames, and writes a core file.
import gdb
gdb.execute("set pagination off")
gdb.execute("set confirm off")
gdb.execute("set width 0")
gdb.execute("set debuginfod enabled off")
gdb.execute("set disable-randomization on")
gdb.execute("run > @FOLDER@/stdout")
gdb.execute("disable pretty-printer", to_string=True)
with open("@EXPRESSIONS@") as expressions, open("@FOLDER@/printed", "w") as out:
    for line in expressions:
        line = line.rstrip("\n")
        if not line or line.startswith("#"):
            continue
        try:
            text = gdb.execute("print " + line, to_string=True)
            text = text[text.index(" = ") + 3:].rstrip("\n")
        except gdb.error as error:
            text = "error: " + str(error)
        out.write(line + "\t" + text.replace("\n", "\\n") + "\n")
program = gdb.current_progspace().filename
frame = gdb.newest_frame()
index = inlined = 0
with open("@FOLDER@/variables", "w") as out:
    while frame is not None:
        function = frame.function() if frame.type() != gdb.TAILCALL_FRAME else None
        frame.select()
        block = frame.block() if function and function.symtab.objfile.filename == program else None
        seen = set()
        while block is not None:
            for symbol in block:
                if (symbol.is_variable or symbol.is_argument) and symbol.name not in seen:
                    seen.add(symbol.name)
                    try:
                        text = symbol.value(frame).format_string(raw=True)
                    except gdb.error as error:
                        text = "error: " + str(error)
                    out.write("%d\t%d\t%s\t%s\t%s\n" % (index, inlined, function.name, symbol.name, text.replace("\n", "\\n")))
            block = None if block.function else block.superblock
        if frame.type() == gdb.INLINE_FRAME:
            inlined += 1
        elif frame.type() != gdb.TAILCALL_FRAME:
            index, inlined = index + 1, 0
        frame = frame.older()
gdb.execute("generate-core-file @FOLDER@/core", to_string=True)
gdb.execute("kill")
