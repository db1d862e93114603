using System.Globalization;
using Osprey.Cli.CommandLine.Completion;
using Osprey.Session.Guests;

namespace Osprey.Cli.Commands.Guest.Shell;

/// <summary>The commands of the program crash, for users who have its words in their fingers.</summary>
/// <remarks>
/// <c>osprey crash</c> is a way to write other commands, as <c>osprey osv</c> is (<see cref="OsvWords"/>): its words
/// are replaced before the command line is parsed. Only commands that ask the same are here; the answers look as those
/// of the commands here do.
/// </remarks>
internal static class CrashWords
{
    /// <summary>The word that they begin with.</summary>
    public const string Name = "crash";

    private const ulong UnitSize = sizeof(ulong);

    /// <summary>
    /// All of them. The longest words come before their beginnings, and those with an option before those without.
    /// </summary>
    public static IReadOnlyList<CrashWord> All { get; } =
    [
        new("ps", "ps"),
        new("bt", "bt") { Argument = "PID" },
        new("foreach bt", "bt --all"),
        new("foreach", null, "only stacks are shown for all tasks: crash foreach bt"),
        new("log", "log"),
        new("dmesg", "log"),
        new("mod", "modules"),
        new("sys", "info"),
        new("kmem", "slab") { Option = "-s" },
        new("kmem", "memory --zones") { Option = "-z" },
        new("kmem", "memory") { Option = "-i" },
        new("kmem", "memory"),
        new("irq", "irq"),
        new("timer", "timers"),
        new("vm", "maps") { Argument = "PID" },
        new("files", "files") { Argument = "PID" },
        new("mount", "mounts"),
        new("net", "net"),
        new("runq", "runqueue"),
        new("struct", "type") { Argument = "NAME" },
        new("union", "type") { Argument = "NAME" },
        new("whatis", "type") { Argument = "NAME" },
        new("sym", "symbol") { Argument = "NAME" },
        new("vtop", "pagetable") { Argument = "ADDRESS" },
        new("rd", "read --unit 8") { Argument = "ADDRESS" },
        new("dis", "disassemble") { Argument = "FUNCTION" },
        new("p", "print") { Argument = "EXPRESSION" },
        new("search", null, "osprey search finds bytes, numbers and text in all of RAM"),
        new("task", null, "osprey print --thread PID '*current' shows a task_struct"),
        new("list", null, "osprey print 'list_of(HEAD, TYPE, MEMBER)' follows a list"),
        new("tree", null, "osprey print 'rbtree_of(ROOT, TYPE, MEMBER)', xarray_of and maple_of follow trees"),
        new("mach", null, "osprey info and osprey cpus show the machine"),
        new("set", null, "a shell keeps a task for the commands behind it: thread PID"),
    ];

    /// <summary>Replaces the words of crash in a command line; one without them stays as it is.</summary>
    /// <exception cref="UsageException">Crash has no such command, or nothing here is like it.</exception>
    public static string[] Translate(string[] args)
    {
        int start = Array.FindIndex(args, arg => !arg.StartsWith('-'));
        if (start < 0 || args[start] != Name || args.Length == start + 1)
            return args;

        List<int> places = OsvWords.FindWords(args, start + 1);
        if (places.Count == 0 || args.Contains("--help") || args.Contains("-h"))
            return args;

        string[] words = [.. places.Select(place => args[place])];
        CrashWord meant =
            All.FirstOrDefault(item =>
                words.Take(item.OldWords.Count).SequenceEqual(item.OldWords)
                && (item.Option is null || args.Contains(item.Option))
            )
            ?? throw new UsageException(
                $"no command here shows what 'crash {words[0]}' does (see 'osprey crash --help')"
            );
        if (meant.New is null)
            throw new UsageException($"crash {meant.Text}: {meant.Instead}");

        HashSet<int> consumed = [.. places.Take(meant.OldWords.Count)];
        if (meant.Option is { } option)
            consumed.Add(Array.IndexOf(args, option));

        string[] translated = [.. args];
        if (meant.Old == "rd")
            CountBytes(translated, places);

        return
        [
            .. args.Take(start),
            .. meant.New.Split(' '),
            .. translated
                .Where((_, i) => i > start && !consumed.Contains(i))
                .Select(arg => meant.Old == "bt" && arg == "-a" ? "--cpus" : arg),
            .. meant.Old == "rd" && places.Count == 2 ? [$"{UnitSize}"] : Array.Empty<string>(),
        ];
    }

    /// <summary>Lists the words that may follow some of crash's.</summary>
    public static IEnumerable<CompletionItem> ListNext(IReadOnlyList<string> words) =>
        All.Where(item => item.OldWords.Count > words.Count && item.OldWords.Take(words.Count).SequenceEqual(words))
            .Select(item => new CompletionItem(item.OldWords[words.Count], ""))
            .Distinct();

    /// <summary>Crash counts units of 8 bytes, behind the address; one when nothing is said.</summary>
    private static void CountBytes(string[] args, List<int> places)
    {
        if (
            places.Count > 2
            && NumberText.TryParse(args[places[2]], out ulong units)
            && units <= ulong.MaxValue / UnitSize
        )
            args[places[2]] = (units * UnitSize).ToString(CultureInfo.InvariantCulture);
    }
}
