# Runs the program to its breakpoint instruction, prints expressions, and writes a core file.
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
gdb.execute("generate-core-file @FOLDER@/core", to_string=True)
gdb.execute("kill")
