using System.Globalization;
using System.Text.RegularExpressions;
using Osprey.Traces.Formats.TextEvents;

namespace Osprey.Traces.Formats.LinuxText;

/// <summary>
/// Reads the lines that <c>perf script</c>, <c>trace-cmd report</c> and ftrace's <c>trace</c> file have.
/// </summary>
/// <remarks>
/// <para>
/// They differ in their heads: <c>comm tid [cpu] time: period event: arguments</c> of perf, and
/// <c>comm-tid [cpu] flags time: event: arguments</c> of ftrace, where trace-cmd leaves out the flags. A comm may have
/// blanks and dashes, so a head is found by what stands behind it. Only the first 512 characters of a line are looked
/// at for it, so that no line takes long.
/// </para>
/// <para>
/// Arguments are <c>key=value</c> or <c>key: value</c>. libtraceevent, which perf and trace-cmd use, writes the events
/// of the scheduler in a form of its own: <c>comm:pid [prio] state ==> comm:pid [prio]</c>; they get the names that the
/// kernel gives them. Anything else is one argument, <c>text</c>.
/// </para>
/// </remarks>
internal static partial class LinuxLineParser
{
    private const int MaxHead = 512;
    private const int MaxArguments = 64;

    /// <summary>Tells whether a line begins as an event does; the line may be cut.</summary>
    public static bool LooksLikeEvent(string line) => FtraceStart().IsMatch(line) || PerfStart().IsMatch(line);

    /// <summary>Reads the line of an event.</summary>
    /// <returns>Null when it is none.</returns>
    public static TextEvent? TryParse(string line)
    {
        string head = line.Length > MaxHead ? line[..MaxHead] : line;
        Match match = FtraceHead().Match(head);
        bool isFtrace = match.Success;
        if (!isFtrace)
            match = PerfHead().Match(head);

        if (
            !match.Success
            || !ulong.TryParse(match.Groups["tid"].ValueSpan, CultureInfo.InvariantCulture, out ulong thread)
            || !TextNumber.TryParseSeconds(match.Groups["time"].ValueSpan, out ulong time)
        )
            return null;

        var result = new TextEvent
        {
            Thread = match.Groups["comm"].Value,
            ThreadId = thread,
            Time = time,
            Cpu =
                match.Groups["cpu"] is { Success: true } cpu
                && uint.TryParse(cpu.ValueSpan, CultureInfo.InvariantCulture, out uint number)
                    ? number
                    : uint.MaxValue,
        };
        string rest = line[match.Length..].TrimStart();
        return isFtrace ? ParseFtraceEvent(result, rest) : ParsePerfEvent(result, rest);
    }

    /// <summary>Reads a line of a stack: an address, a function, and the file that it is in.</summary>
    /// <param name="line">The line.</param>
    /// <param name="address">The address; null where the line has none.</param>
    /// <param name="function">The function, without an offset; null where it is not known.</param>
    public static bool TryParseFrame(string line, out ulong? address, out string? function)
    {
        address = null;
        function = null;
        Match match = Frame().Match(line.Length > 2 * MaxHead ? line[..(2 * MaxHead)] : line);
        if (!match.Success)
            return false;

        foreach (string group in (ReadOnlySpan<string>)["front", "back"])
        {
            if (match.Groups[group] is { Success: true } hex)
                address = ulong.Parse(hex.ValueSpan, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        }

        string name = Offset().Replace(match.Groups["name"].Value.Trim(), "");
        function = name.Length == 0 || name == "[unknown]" ? null : name;
        return address is not null || function is not null;
    }

    private static TextEvent? ParsePerfEvent(TextEvent result, string rest)
    {
        Match match = PerfEvent().Match(rest);
        if (!match.Success)
            return null;

        string name = match.Groups["name"].Value;
        bool isTracepoint =
            name.Contains(':', StringComparison.Ordinal) && !name.Contains('/', StringComparison.Ordinal);
        result.Name = isTracepoint ? name[(name.IndexOf(':', StringComparison.Ordinal) + 1)..] : name;
        string arguments = rest[match.Length..].Trim();
        if (!isTracepoint && match.Groups["period"] is { Success: true } period)
            result.Arguments.Add(("period", period.Value));

        if (OneFrame().IsMatch(arguments) && TryParseFrame(arguments, out ulong? address, out string? function))
        {
            result.Arguments.Add(("ip", $"0x{address:x}"));
            if (function is not null)
                result.Arguments.Add(("function", function));

            result.AddFrame(address!.Value);
            return result;
        }

        AddArguments(result, arguments);
        return result;
    }

    private static TextEvent? ParseFtraceEvent(TextEvent result, string rest)
    {
        Match match = FtraceEvent().Match(rest);
        if (!match.Success)
            return null;

        string name = match.Groups["name"].Value;
        string arguments = rest[match.Length..].Trim();
        switch (match.Groups["separator"].Value.Trim())
        {
            case "(" when name.StartsWith("sys_", StringComparison.Ordinal):
                result.Name = "sys_enter_" + name[4..];
                AddArguments(result, arguments.TrimEnd(')'));
                return result;
            case "->":
                result.Name = name.StartsWith("sys_", StringComparison.Ordinal)
                    ? "sys_exit_" + name[4..]
                    : name + "_exit";
                result.Arguments.Add(("ret", arguments));
                return result;
            case "<-":
                result.Name = "function";
                result.Arguments.Add(("function", name));
                result.Arguments.Add(("caller", arguments));
                return result;
            case ":":
                result.Name = name;
                AddArguments(result, arguments);
                return result;
            default:
                return null;
        }
    }

    private static void AddArguments(TextEvent result, string text)
    {
        if (text.Length == 0)
            return;

        if (TryAddSchedulerArguments(result, text))
            return;

        MatchCollection keys = Key().Matches(text.Length > 1 << 14 ? text[..(1 << 14)] : text);
        int count = Math.Min(keys.Count, MaxArguments);
        if (count == 0 || keys[0].Index > 0)
        {
            result.Arguments.Add(("text", text));
            return;
        }

        for (int i = 0; i < count; i++)
        {
            int start = keys[i].Index + keys[i].Length;
            int end = i + 1 < keys.Count ? keys[i + 1].Index : text.Length;
            string value = text[start..end].Trim().TrimEnd(',').Trim();
            if (value.EndsWith("==>", StringComparison.Ordinal))
                value = value[..^3].TrimEnd();

            result.Arguments.Add((keys[i].Groups["key"].Value, value));
        }
    }

    private static bool TryAddSchedulerArguments(TextEvent result, string text)
    {
        string head = text.Length > MaxHead ? text[..MaxHead] : text;
        Match match = result.Name == "sched_switch" ? Switch().Match(head) : Wakeup().Match(head);
        if (!match.Success || !result.Name.StartsWith("sched_", StringComparison.Ordinal))
            return false;

        foreach (Group group in match.Groups.Cast<Group>().Skip(1))
        {
            if (group.Success)
                result.Arguments.Add((group.Name, group.Value));
        }

        return true;
    }

    [GeneratedRegex(@"^\s*\S.{0,40}?-\d+\s+(\(\s*[-\d]+\)\s+)?\[\d{3,}\]\s")]
    private static partial Regex FtraceStart();

    [GeneratedRegex(@"^\s*\S.{0,40}?\s+(\d+/)?\d+\s+(\[\d{3,}\]\s+)?\d+\.\d{6,9}:\s")]
    private static partial Regex PerfStart();

    [GeneratedRegex(
        @"^\s*(?<comm>\S.{0,63}?)-(?<tid>\d+)\s+(\(\s*[-\d]+\)\s+)?\[(?<cpu>\d+)\]\s+"
            + @"([.a-zA-Z#][.a-zA-Z0-9#]{2,7}\s+)?(?<time>\d+\.\d+):\s"
    )]
    private static partial Regex FtraceHead();

    [GeneratedRegex(@"^\s*(?<comm>\S.{0,63}?)\s+(\d+/)?(?<tid>\d+)\s+(\[(?<cpu>\d+)\]\s+)?(?<time>\d+\.\d+):\s")]
    private static partial Regex PerfHead();

    [GeneratedRegex(@"^((?<period>\d+)\s+)?(?<name>[A-Za-z_][\w.:/=,@-]{0,127}?):(?=\s|$)")]
    private static partial Regex PerfEvent();

    [GeneratedRegex(@"^(?<name>[\w.$-]{1,200}?)(?<separator>:(?=\s|$)|\(| -> | <-)")]
    private static partial Regex FtraceEvent();

    [GeneratedRegex(
        @"^\s*(=>\s+)?(?:(?<front>[0-9a-f]{1,16})\s+)?(?<name>[^\s(].*?)"
            + @"(\s+\([^()]*[^()\s0-9a-f][^()]*\))?(\s+[(<](?<back>[0-9a-f]{8,16})[)>])?$"
    )]
    private static partial Regex Frame();

    [GeneratedRegex(@"^[0-9a-f]{6,16}\s\S.*\(.*\)$")]
    private static partial Regex OneFrame();

    [GeneratedRegex(@"\+0x[0-9a-f]+(/0x[0-9a-f]+)?$")]
    private static partial Regex Offset();

    [GeneratedRegex(@"(?<=^|[\s,(])(?<key>[A-Za-z_][\w.]{0,63})(=|: ?(?=\S))")]
    private static partial Regex Key();

    [GeneratedRegex(
        @"^(?<prev_comm>.{1,64}?):(?<prev_pid>\d+) \[(?<prev_prio>-?\d+)\] (?<prev_state>\S+) ==> "
            + @"(?<next_comm>.{1,64}?):(?<next_pid>\d+) \[(?<next_prio>-?\d+)\]"
    )]
    private static partial Regex Switch();

    [GeneratedRegex(@"^(?<comm>[^=]{1,64}?):(?<pid>\d+) \[(?<prio>-?\d+)\].*?CPU:(?<target_cpu>\d+)")]
    private static partial Regex Wakeup();
}
