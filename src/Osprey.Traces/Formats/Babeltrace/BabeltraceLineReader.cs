using System.Globalization;
using System.Text.RegularExpressions;
using Osprey.Binary;
using Osprey.Traces.Formats.LinuxText;
using Osprey.Traces.Formats.TextEvents;

namespace Osprey.Traces.Formats.Babeltrace;

/// <summary>Reads the lines that babeltrace2 writes by default, or with --clock-seconds.</summary>
/// <remarks>
/// A line is <c>[time] (+delta) host event: { cpu_id = 0 }, { context }, { field = 1, text = "a" }</c>. The thread and
/// its
/// name are taken from the fields that LTTng, and our own export, have for them. Times of day, which babeltrace2 prints
/// by default, go on at midnight.
/// </remarks>
internal sealed partial class BabeltraceLineReader(ByteSource source, TextNames names) : TextEventReader(source)
{
    private const int MaxHead = 1024;
    private const int MaxArguments = 64;
    private const ulong Day = 86_400_000_000_000;

    private readonly Queue<TextEvent> _derived = [];
    private ulong _last;
    private ulong _midnight;

    /// <inheritdoc/>
    protected override string Noun => "event of babeltrace2";

    /// <inheritdoc/>
    public override TextEvent? Read()
    {
        if (_derived.TryDequeue(out TextEvent? derived))
            return derived;

        while (Lines.Read() is string line)
        {
            if (line.Length == 0)
                continue;

            if (TryParse(line) is TextEvent parsed)
            {
                LinuxSchedule.AddDerived(parsed, _derived);
                return parsed;
            }

            Refuse(line);
        }

        return null;
    }

    private TextEvent? TryParse(string line)
    {
        Match match = Head().Match(line.Length > MaxHead ? line[..MaxHead] : line);
        if (!match.Success || !TryParseTime(match.Groups["time"].Value, out ulong time))
            return null;

        var result = new TextEvent { Name = match.Groups["name"].Value, Time = time };
        var fields = new BabeltraceFields(line[match.Length..]);
        while (fields.TryRead(out string key, out string value))
            Take(result, key, value);

        return result;
    }

    private void Take(TextEvent result, string key, string value)
    {
        switch (key)
        {
            case "cpu_id":
                result.Cpu = uint.TryParse(value, CultureInfo.InvariantCulture, out uint cpu) ? cpu : uint.MaxValue;
                break;
            case "tid" or "vtid" or "thread" when result.ThreadId == 0 && TextNumber.TryParse(value, out long thread):
                result.ThreadId = unchecked((ulong)thread);
                break;
            case "procname" or "thread_name" when result.Thread.Length == 0:
                result.Thread = value;
                break;
            case "stack" or "callstack_kernel":
                foreach (Match frame in Frame().Matches(value))
                {
                    if (TextNumber.TryParse(frame.Groups[1].Value, out long address))
                        result.AddFrame(names.Add(unchecked((ulong)address), null));
                }

                break;
            default:
                if (result.Arguments.Count < MaxArguments && !key.EndsWith("_length", StringComparison.Ordinal))
                    result.Arguments.Add((key, value));

                break;
        }
    }

    private bool TryParseTime(string text, out ulong time)
    {
        if (TextNumber.TryParseSeconds(text, out time))
            return true;

        Match match = TimeOfDay().Match(text);
        if (!match.Success || !TextNumber.TryParseSeconds(match.Groups["seconds"].ValueSpan, out ulong seconds))
            return false;

        ulong hours = ulong.Parse(match.Groups["hours"].ValueSpan, CultureInfo.InvariantCulture);
        ulong minutes = ulong.Parse(match.Groups["minutes"].ValueSpan, CultureInfo.InvariantCulture);
        time = _midnight + (((hours * 60) + minutes) * 60_000_000_000) + seconds;
        if (time + (Day / 2) < _last)
        {
            _midnight += Day;
            time += Day;
        }

        _last = time;
        return true;
    }

    [GeneratedRegex(
        @"^\[(?<time>[\d:.\- ]{6,40})\] \(\+[^)]{1,32}\) (?:\S{1,255} )?(?<name>[^\s{}][^{}]{0,255}?): (?=\{)"
    )]
    private static partial Regex Head();

    [GeneratedRegex(@"^(?:\d{4}-\d\d-\d\d )?(?<hours>\d\d):(?<minutes>\d\d):(?<seconds>\d\d\.\d{1,9})$")]
    private static partial Regex TimeOfDay();

    [GeneratedRegex(@"= (0x[0-9A-Fa-f]{1,16}|\d{1,20})")]
    private static partial Regex Frame();
}
