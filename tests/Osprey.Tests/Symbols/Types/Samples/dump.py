# Prints what gdb knows of types and variables, one tab-separated line for each thing. Names come from the file NAMES.
import os

import gdb

MAX_TYPES = int(os.environ.get("MAX_TYPES", "2000"))
NAMED = (gdb.TYPE_CODE_STRUCT, gdb.TYPE_CODE_UNION)
IS_C = '"auto; currently c"' in gdb.execute("show language", to_string=True)
seen = set()
queue = []


def line(*parts):
    print("\t".join(str(part) for part in parts))


def quoted(name):
    return "'%s'" % name if "(" in name and not name.endswith(")") and "::(" in name else name


def push(kind, place):
    # What it is known by: its name, with the keyword where that belongs to it; else a typedef's; else where it is a member.
    alias = None
    kind = kind.unqualified()
    while True:
        if kind.code == gdb.TYPE_CODE_TYPEDEF:
            alias = kind.name
            kind = kind.target().unqualified()
        elif kind.code in (gdb.TYPE_CODE_PTR, gdb.TYPE_CODE_REF, gdb.TYPE_CODE_RVALUE_REF, gdb.TYPE_CODE_ARRAY):
            alias = None
            kind = kind.target().unqualified()
        else:
            break
    if kind.code not in NAMED:
        return
    key = tag(kind) + kind.name if kind.name else alias or place
    if key and key not in seen and len(seen) < MAX_TYPES:
        seen.add(key)
        queue.append((key, kind))


def tag(kind):
    if not IS_C:
        return ""
    return "union " if kind.code == gdb.TYPE_CODE_UNION else "struct "


def fields(key, kind):
    index = 0
    for field in kind.fields():
        if not hasattr(field, "bitpos"):
            line("STATIC", field.name)
            continue
        try:
            place = field.bitpos
        except Exception:
            place = "?"
        size = field.type.sizeof if field.type.code != gdb.TYPE_CODE_FUNC else 0
        line("BASE" if field.is_base_class else "FIELD", field.name or "", place, field.bitsize, size, field.type)
        push(field.type, "%s/%d" % (key, index))
        index += not field.is_base_class


def dump(key, kind):
    keyword = "union" if kind.code == gdb.TYPE_CODE_UNION else "struct"
    line("TYPE", key, keyword, kind.sizeof)
    fields(key, kind)


for text in open(os.environ["NAMES"]):
    what, name = text.rstrip("\n").split(" ", 1)
    try:
        if what == "type":
            kind = gdb.lookup_type(name)
            line("SIZE", name, kind.sizeof)
            push(kind, None)
        elif what == "address":
            line("ADDRESS", name, int(gdb.parse_and_eval("&" + quoted(name)).cast(gdb.lookup_type("long"))))
        elif what == "value":
            line("VALUE", name, int(gdb.parse_and_eval(quoted(name))))
        elif what == "enum":
            for field in gdb.lookup_type(name).fields():
                line("ENUM", name, field.name, field.enumval)
    except Exception as e:
        line("NONE", name, str(e).replace("\n", " "))

while queue:
    dump(*queue.pop(0))
