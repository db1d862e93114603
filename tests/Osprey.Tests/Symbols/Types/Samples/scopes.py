# Prints for each address of the functions in NAMES which functions gdb sees there, innermost first, with their variables.
import os

import gdb

for name in open(os.environ["NAMES"]):
    name = name.strip()
    symbol = gdb.lookup_global_symbol(name) or gdb.lookup_static_symbol(name)
    outer = gdb.block_for_pc(int(symbol.value().address))
    while not outer.function or outer.function.print_name != symbol.print_name:
        outer = outer.superblock
    pc = outer.start
    while pc < outer.end:
        scopes = []
        names = []
        inner = gdb.block_for_pc(pc)
        while inner:
            names += [item.print_name for item in inner if item.is_argument or item.is_variable]
            if inner.function:
                scopes.append("%s|%s" % (inner.function.print_name.split("(")[0], ",".join(sorted(set(names)))))
                names = []
                if inner.function.print_name == symbol.print_name:
                    break
            inner = inner.superblock
        print("%x\t%s" % (pc, ";".join(scopes)))
        pc += 1
