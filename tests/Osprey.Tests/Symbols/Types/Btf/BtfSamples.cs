using Osprey.Tests.Builders.Btf;

namespace Osprey.Tests.Symbols.Types.Btf;

/// <summary>Blobs with types of all kinds.</summary>
internal static class BtfSamples
{
    /// <summary>The types that the kernel of the samples has, by the names that users write.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "task_struct",
        "struct task_struct",
        "list_head",
        "struct flags",
        "struct old_flags",
        "union value",
        "enum state",
        "enum mask",
        "enum wide",
        "enum negative",
        "pid_t",
        "struct pid_t",
        "unsigned long",
        "long unsigned int",
        "unsigned",
        "char *",
        "const struct task_struct *",
        "struct list_head [3]",
        "int (*)(struct task_struct *, ...)",
        "struct later",
        "struct nowhere",
        "union nowhere",
        "double",
        "bool_t",
        "struct loop",
        "struct self",
        "circle",
        "tagged_t",
        "void *",
    ];

    /// <summary>A small kernel's blob.</summary>
    public static BtfBuilder Kernel(bool bigEndian = false, int padding = 0)
    {
        var btf = new BtfBuilder(bigEndian);
        uint number = btf.Integer("int", 4, BtfBuilder.Signed);
        uint unsigned = btf.Integer("unsigned int", 4);
        uint word = btf.Integer("long unsigned int", 8);
        uint letter = btf.Integer("char", 1, BtfBuilder.Signed);
        uint octet = btf.Integer("unsigned char", 1);
        uint truth = btf.Integer("_Bool", 1, BtfBuilder.Boolean);
        uint real = btf.Float("double", 8);

        // The numbers of types are known before the types are: 7 so far, and those below in their order.
        uint list = btf.Struct("list_head", 16, ("next", 9, 0, 0), ("prev", 9, 64, 0));
        uint toList = btf.Pointer(list);
        uint name = btf.Array(letter, 16, number);
        uint pid = btf.Typedef("pid_t", number);
        uint nameless = btf.Union("", 8, ("stamp", word, 0, 0), ("ratio", real, 0, 0));
        uint task = 20;
        uint toTask = btf.Pointer(task);
        uint prototype = btf.Prototype(number, ("task", toTask), ("", 0));
        uint toFunction = btf.Pointer(prototype);
        uint state = btf.Enum("state", 4, false, ("RUNNING", 0), ("SLEEPING", 1), ("LAST", -1));
        uint constant = btf.Const(letter);
        uint text = btf.Pointer(constant);
        uint flexible = btf.Array(word, 0, number);
        Assert.Equal(
            task,
            btf.Struct(
                "task_struct",
                104,
                ("state", state, 0, 0),
                ("pid", pid, 32, 0),
                ("comm", name, 64, 0),
                ("tasks", list, 192, 0),
                ("", nameless, 320, 0),
                ("parent", toTask, 384, 0),
                ("visit", toFunction, 448, 0),
                ("text", text, 512, 0),
                ("exiting", unsigned, 576, 1),
                ("level", unsigned, 577, 5),
                ("is_new", truth, 592, 0),
                ("stack", flexible, 640, 0)
            )
        );

        btf.Struct("flags", 8, ("low", unsigned, 3, 7), ("middle", number, 20, 12), ("high", word, 40, 24));
        uint three = btf.Integer("unsigned int", 4, 0, 3);
        uint shifted = btf.Integer("unsigned int", 4, 0, 5, 3);
        btf.Struct("old_flags", 4, ("three", three, 0, 0), ("shifted", shifted, 0, 0), ("whole", octet, 24, 0));
        btf.Union(
            "value",
            8,
            ("number", number, 0, 0),
            ("letters", btf.Array(btf.Array(letter, 2, number), 4, number), 0, 0)
        );
        btf.Enum("mask", 4, false, ("NONE", 0), ("ALL", -1));
        btf.Enum("negative", 4, true, ("MINUS", -5), ("PLUS", 5));
        btf.Enum64("wide", false, ("HIGH", 1L << 40), ("TOP", long.MinValue));
        btf.Struct("pid_t", 4, ("nr", number, 0, 0));
        btf.Forward("later");
        btf.Struct("later", 8, ("first", btf.Volatile(word), 0, 0));
        btf.Forward("nowhere");
        btf.Forward("nowhere", isUnion: true);
        btf.Typedef("bool_t", truth);
        btf.Typedef("tagged_t", btf.Pointer(btf.TypeTag("user", btf.Const(list))));
        btf.DeclarationTag("remark", list);
        btf.Restrict(text);

        btf.Function("wake_up", prototype);
        btf.Section(".data..percpu", (btf.Variable("current_task", toTask), 0x40, 8));

        // Types that only a damaged kernel has: a struct that holds itself, and a circle of names.
        uint next = btf.Add(4, "self", false, 1, 8, 0, 0, 0);
        btf.Struct("loop", 8, ("self", next + 2, 0, 0));
        btf.Add(3, "", false, 0, 0, next + 1, number, 1);
        btf.Typedef("circle", next + 4);
        btf.Volatile(next + 3);
        for (int i = 0; i < padding; i++)
            btf.Struct($"padding_{i}", 16, ("first", word, 0, 0), ("second", word, 64, 0));

        return btf;
    }

    /// <summary>The blob of a module of that kernel.</summary>
    public static BtfBuilder Module(BtfBuilder kernel, bool bigEndian = false)
    {
        var btf = new BtfBuilder(bigEndian, kernel);
        uint device = btf.Struct("device", 24, ("tasks", 8, 0, 0), ("owner", 13, 128, 0));
        btf.Typedef("device_t", device);
        btf.Struct("nowhere", 8, ("found", 3, 0, 0));
        btf.Enum("kind", 4, true, ("BLOCK", -1), ("NET", 2));
        return btf;
    }
}
