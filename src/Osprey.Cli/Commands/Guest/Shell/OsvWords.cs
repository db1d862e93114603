using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Cli.CommandLine.Completion;
using Osprey.Cli.CommandLine.Help;

namespace Osprey.Cli.Commands.Guest.Shell;

/// <summary>The commands of OSv's gdb script, for users who have their words in their fingers.</summary>
/// <remarks>
/// <c>osprey osv</c> is a way to write other commands: its words are replaced before the command line is parsed, so
/// that
/// all options of the command that is meant can be given, and messages name that command.
/// </remarks>
internal static class OsvWords
{
    /// <summary>The word that the script's commands begin with.</summary>
    public const string Name = "osv";

    private const string TraceAdvice =
        "the rings of a guest with a REST server are fetched by 'osprey trace download', which makes a file for "
        + "'osprey trace list'; 'osprey trace-status' shows what records";

    private static readonly string[] s_stackWords = ["bt", "backtrace", "where"];

    /// <summary>All of them. The longest words come before their beginnings.</summary>
    public static IReadOnlyList<OsvWord> All { get; } =
    [
        new("info threads", "threads"),
        new("info callouts", "callouts"),
        new("info virtio", "virtio"),
        new("thread apply all bt", "bt --all"),
        new("thread apply all backtrace", "bt --all"),
        new("thread apply all where", "bt --all"),
        new("thread apply", null, "only stacks are shown for all threads: osv thread apply all bt"),
        new("thread", "bt") { Argument = "N" },
        new("syms", "modules"),
        new("load-elf", null, "name the file and its place with --module PATH@BASE, for a shell when it is started"),
        new("connect", null, "name the stub with --target gdb:HOST:PORT"),
        new("memory", "memory"),
        new("heap", "heap"),
        new("mmap", "mmap"),
        new("vma", "vma") { Argument = "ADDRESS" },
        new("linear_mmap", "linear-mmap"),
        new("pagetable walk", "pagetable") { Argument = "ADDRESS" },
        new("runqueue", "runqueue"),
        new("percpu", "percpu") { Argument = "VARIABLE" },
        new("callouts", "callouts"),
        new("waiters", "waiters"),
        new("zfs", "zfs"),
        new("leak show", "leak show"),
        new("leak on", "leak on"),
        new("leak off", "leak off"),
        new("trace save", null, TraceAdvice),
        new("trace2file", null, TraceAdvice),
        new("trace", null, TraceAdvice),
    ];

    /// <summary>Replaces the script's words in a command line; one without them stays as it is.</summary>
    /// <exception cref="UsageException">The script has no such command, or nothing here is like it.</exception>
    public static string[] Translate(string[] args)
    {
        int start = Array.FindIndex(args, arg => !arg.StartsWith('-'));
        if (start < 0 || args[start] != Name || args.Length == start + 1)
            return args;

        List<int> places = FindWords(args, start + 1);
        if (places.Count == 0 || args.Contains("--help") || args.Contains("-h"))
            return args;

        string[] words = [.. places.Select(place => args[place])];
        OsvWord meant =
            Find(words)
            ?? throw new UsageException($"OSv's script has no command 'osv {words[0]}' (see 'osprey osv --help')");
        if (meant.New is null)
            throw new UsageException($"osv {meant.Old}: {meant.Instead}");

        HashSet<int> consumed = [.. places.Take(meant.OldWords.Count)];
        if (meant.Old == "thread" && words.Length == 3 && s_stackWords.Contains(words[2]))
            consumed.Add(places[2]);

        return
        [
            .. args.Take(start),
            .. meant.New.Split(' '),
            .. args.Select((arg, i) => (Arg: arg, Index: i))
                .Where(item => item.Index > start && !consumed.Contains(item.Index))
                .Select(item => TranslateOption(item.Arg)),
        ];
    }

    /// <summary>
    /// Replaces words of the script in a line of a shell, where <c>osv</c> may be left out if no command here has such
    /// words.
    /// </summary>
    public static string[] InShell(string[] words)
    {
        if (words[0] == Name || Find(words) is not { } meant)
            return words;

        bool isOurs = CommandTree.Build([]).Subcommands.Any(command => command.Name == words[0]);
        return isOurs && meant.OldWords.Count == 1 ? words : [Name, .. words];
    }

    /// <summary>Lists the words that may follow some of the script's.</summary>
    public static IEnumerable<CompletionItem> ListNext(IReadOnlyList<string> words) =>
        All.Where(item => item.OldWords.Count > words.Count && item.OldWords.Take(words.Count).SequenceEqual(words))
            .Select(item => new CompletionItem(item.OldWords[words.Count], ""))
            .Distinct();

    private static OsvWord? Find(IReadOnlyList<string> words) =>
        All.FirstOrDefault(item => words.Take(item.OldWords.Count).SequenceEqual(item.OldWords));

    /// <summary>Finds the words that are neither options nor, where that is known, values of options.</summary>
    internal static List<int> FindWords(string[] args, int start)
    {
        var command = new Command(Name);
        _ = new GuestOptions(command);
        var places = new List<int>();
        for (int i = start; i < args.Length && args[i] != "--"; i++)
        {
            if (!args[i].StartsWith('-') || args[i].Length == 1)
                places.Add(i);
            else if (command.Options.Any(option => CommandDocument.TakesValue(option) && option.HasName(args[i])))
                i++;
        }

        return places;
    }

    private static string TranslateOption(string arg) =>
        arg switch
        {
            "--no_location" => "--no-location",
            _ => arg,
        };
}
