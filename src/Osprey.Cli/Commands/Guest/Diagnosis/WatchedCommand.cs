using System.CommandLine;
using System.CommandLine.Parsing;
using Osprey.Cli.CommandLine;
using Osprey.Cli.CommandLine.Help;

namespace Osprey.Cli.Commands.Guest.Diagnosis;

/// <summary>
/// Parts the words behind <c>osprey watch</c>: its own options, the options that name the guest, which is opened once,
/// and the command that is run again and again.
/// </summary>
/// <remarks>
/// It is done before the command line is parsed, since the options of the other command are none of this one: they are
/// put behind <c>--</c>.
/// </remarks>
internal static class WatchedCommand
{
    public const string Name = "watch";

    /// <summary>The command whose own commands read files; those that are told of a guest open it themselves.</summary>
    private const string Trace = "trace";

    /// <summary>Rewrites a command line that watches; any other stays as it is.</summary>
    public static string[] Separate(string[] args)
    {
        int start = Array.FindIndex(args, arg => !arg.StartsWith('-'));
        if (start < 0 || args[start] != Name || args.Contains("--"))
            return args;

        var own = new Command(Name);
        _ = new RepetitionOptions(own);
        int command = FindCommand(args, start + 1, own);
        if (command == args.Length)
            return args;

        var guest = new Command(Name);
        _ = new GuestOptions(guest, hasForms: false);
        bool opensItself = args[command] == Trace;
        var front = args.Take(command).ToList();
        var words = new List<string>();
        for (int i = command; i < args.Length; i++)
        {
            Option? option =
                !opensItself && GuestOptions.NamingGuest.Contains(FindName(guest, args[i]))
                    ? guest.Options.First(item => item.Name == FindName(guest, args[i]))
                    : null;
            bool hasValue = option is not null && CommandDocument.TakesValue(option) && !args[i].Contains('=');
            List<string> part = option is null ? words : front;
            part.Add(args[i]);
            if (hasValue && i + 1 < args.Length)
                part.Add(args[++i]);
        }

        return [.. front, "--", .. words];
    }

    /// <summary>Tells whether a command looks into a guest, so that one is opened for it.</summary>
    public static bool LooksIntoGuest(ParseResult command) =>
        command.CommandResult.Command.Options.Any(option => option.Name == "--target")
        && command.CommandResult.Parent is not CommandResult { Command.Name: Trace };

    private static int FindCommand(string[] args, int start, Command own)
    {
        _ = new GuestOptions(own, hasForms: false);
        int at = start;
        for (; at < args.Length && args[at].StartsWith('-'); at++)
        {
            string name = FindName(own, args[at]);
            bool takesValue = own.Options.Any(option => option.Name == name && CommandDocument.TakesValue(option));
            if (takesValue && !args[at].Contains('='))
                at++;
        }

        return Math.Min(at, args.Length);
    }

    private static string FindName(Command command, string word)
    {
        string name = word.Split('=')[0];
        return command.Options.FirstOrDefault(option => option.HasName(name))?.Name ?? name;
    }
}
