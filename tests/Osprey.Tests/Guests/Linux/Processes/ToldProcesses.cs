using System.Globalization;
using Osprey.Guests.Processes;
using Osprey.Session.Answers.Guests.Processes;
using Osprey.Tests.Guests.Report;

namespace Osprey.Tests.Guests.Linux.Processes;

/// <summary>
/// What a Linux guest's own <c>/proc</c> says of its processes, in lines, and what was found in the same.
/// </summary>
/// <param name="report">The report of the guest's init.</param>
internal sealed class ToldProcesses(string report)
{
    private readonly GuestReportLine[] _lines =
    [
        .. report
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line =>
                !line.StartsWith("ready", StringComparison.Ordinal)
                && !line.StartsWith("count ", StringComparison.Ordinal)
            )
            .Select(GuestReportLine.Parse),
    ];

    /// <summary>The process that holds much, and addresses in its memory.</summary>
    public GuestReportLine Holder => Single("holder");

    /// <summary>An address that has the number of each process that init made.</summary>
    public ulong Mark => Single("mark").GetNumber("address");

    /// <summary>The processes whose mappings are told.</summary>
    public IReadOnlyList<ulong> ListMapped() => [.. Of("maps").Select(line => line.GetNumber("pid")).Distinct()];

    /// <summary>The lines of <c>/proc/PID/maps</c>, one blank between words.</summary>
    public IReadOnlyList<string> ListMaps(ulong process) =>
        [.. Of("maps").Where(line => line.GetNumber("pid") == process).Select(line => Squeeze(line.Text))];

    /// <summary>What was found, as <c>/proc/PID/maps</c> has it.</summary>
    public static string Format(GuestProcessMapping mapping) =>
        Squeeze(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{mapping.Start:x8}-{mapping.End:x8} {ProcessMapShape.FormatPermissions(mapping)} {mapping.Offset:x8} "
            ) + string.Create(CultureInfo.InvariantCulture, $"{mapping.Device} {mapping.Inode} {mapping.Path}")
        );

    /// <summary>The directories, the program and the open files of a process.</summary>
    public IReadOnlyList<string> ListFiles(ulong process) =>
        [
            .. Of("link").Where(line => line.GetNumber("pid") == process).Select(line => $"{line["name"]} {line.Text}"),
            .. Of("fd")
                .Where(line => line.GetNumber("pid") == process)
                .Select(line => $"{line["fd"]} {line["flags"]} {line["pos"]} {line.Text}"),
        ];

    /// <summary>What was found, in the same form.</summary>
    public static string Format(GuestOpenFile file)
    {
        string path = file.Path!.Replace("\n", "\\012", StringComparison.Ordinal);
        return file.Number is { } number ? $"{number} {file.FlagBits} {file.Position} {path}" : $"{file.Role} {path}";
    }

    /// <summary>The mounts: source, place, type and options.</summary>
    public IReadOnlyList<string> ListMounts() =>
        [
            .. Of("mount")
                .Select(line => line.Text.Split(' '))
                .Select(words => string.Join('|', words[..4].Select(Unescape))),
        ];

    /// <summary>The lines of a table of <c>/proc/net</c> in words, without the heading.</summary>
    public IReadOnlyList<string[]> ListSockets(string table) =>
        [
            .. Of("socket")
                .Where(line => line["table"] == table)
                .Select(line => line.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Skip(1),
        ];

    /// <summary>An interface's line of <c>/proc/net/dev</c> in words.</summary>
    public string[] GetInterface(string name) =>
        Of("interface")
            .Select(line => line.Text.Split([' ', ':'], StringSplitOptions.RemoveEmptyEntries))
            .Single(words => words[0] == name);

    /// <summary>The addresses of an interface.</summary>
    public IReadOnlyList<string> ListAddresses(string name) =>
        [.. Of("address").Where(line => line["name"] == name).Select(line => line.Text)];

    private IEnumerable<GuestReportLine> Of(string word) => _lines.Where(line => line.Word == word);

    private GuestReportLine Single(string word) => _lines.Single(line => line.Word == word);

    private static string Squeeze(string line) =>
        string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static string Unescape(string text) =>
        text.Replace("\\040", " ", StringComparison.Ordinal).Replace("\\134", "\\", StringComparison.Ordinal);
}
