using System.Globalization;
using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Guests.Osv;

/// <summary>
/// What gdb says of a guest that stands. It goes through the guest's stub, and disconnects; the guest still stands
/// then.
/// </summary>
internal sealed class OsvGdb
{
    private const string Mark = "===\\n";

    private static readonly string[] s_plain =
    [
        "-nx",
        "-batch",
        "-iex",
        "set auto-load off",
        "-iex",
        "set debuginfod enabled off",
    ];

    /// <param name="guest">The guest.</param>
    /// <param name="expressions">What to print.</param>
    public OsvGdb(OsvGuest guest, IEnumerable<string> expressions)
    {
        File.WriteAllLines(guest.PathOf("expressions"), expressions);
        File.WriteAllText(
            guest.PathOf("look.py"),
            File.ReadAllText(Path.Combine(Programs, "look.py"))
                .Replace("@SOCKET@", guest.GdbSocket, StringComparison.Ordinal)
                .Replace("@FOLDER@", Path.GetDirectoryName(guest.GdbSocket), StringComparison.Ordinal)
                .Replace("@BUILD@", guest.Build.Path, StringComparison.Ordinal)
        );
        Tools.Run("gdb", [.. s_plain, "-x", guest.PathOf("look.py"), guest.Build.Loader]);
        Modules = File.ReadAllLines(guest.PathOf("programs"));
        Printed = [.. File.ReadLines(guest.PathOf("printed")).Select(line => line.Split('\t', 2))];
        if (File.Exists(guest.PathOf("containers")))
            Containers = File.ReadLines(guest.PathOf("containers"))
                .Select(line => line.Split('\t'))
                .ToDictionary(
                    line => line[0],
                    line =>
                        (IReadOnlyList<ulong>)
                            [.. line[1].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(ParseHex)]
                );

        foreach (string[] line in File.ReadLines(guest.PathOf("stacks")).Select(line => line.Split('\t')))
        {
            if (line[0] == "T")
                Stacks.Add([]);
            else
                Stacks[^1].Add(new OsvFrame(ParseHex(line[1]), line[2] == "1", line[3]));
        }
    }

    /// <summary>Where the scripts are.</summary>
    public static string Programs { get; } =
        Path.Combine(Tools.Programs, "..", "..", "..", "Guests", "Osv", "Programs");

    /// <summary>The guest's programs that are on this host, as <c>--module</c> takes them.</summary>
    public IReadOnlyList<string> Modules { get; }

    /// <summary>The stack of each vCPU, innermost first, inlined functions as frames of their own.</summary>
    public List<List<OsvFrame>> Stacks { get; } = [];

    /// <summary>Each expression and what it printed as.</summary>
    public IReadOnlyList<string[]> Printed { get; }

    /// <summary>
    /// The elements of containers, found without types: addresses of what is linked in, and pointers that are held.
    /// Only with expressions.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<ulong>> Containers { get; } =
        new Dictionary<string, IReadOnlyList<ulong>>();

    /// <summary>What one of OSv's own commands for gdb prints.</summary>
    public static string RunOsvCommand(OsvGuest guest, string command) => RunOsvCommands(guest, command)[0];

    /// <summary>What several of OSv's own commands for gdb print, one after the other.</summary>
    /// <returns>The texts, as many as there are commands; one that failed has printed less, or nothing.</returns>
    public static string[] RunOsvCommands(OsvGuest guest, params string[] commands) =>
        Tools
            .Run(
                "gdb",
                [
                    "-nx",
                    "-batch",
                    "-iex",
                    $"set auto-load safe-path {guest.Build.Sources}:{guest.Build.Path}",
                    "-iex",
                    "set debuginfod enabled off",
                    "-ex",
                    "set pagination off",
                    "-ex",
                    "set width 0",
                    "-ex",
                    $"target remote {guest.GdbSocket}",
                    .. commands.SelectMany(command => (string[])["-ex", $"echo {Mark}", "-ex", command]),
                    "-ex",
                    $"echo {Mark}",
                    "-ex",
                    "disconnect",
                    guest.Build.Loader,
                ],
                folder: guest.Build.Sources
            )
            .Split("===\n")[1..^1];

    private static ulong ParseHex(string digits) =>
        ulong.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
