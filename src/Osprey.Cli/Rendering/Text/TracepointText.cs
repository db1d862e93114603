using Osprey.Rest.Connection;
using Osprey.Rest.Counters;
using Osprey.Rest.Tracepoints;
using Osprey.Traces.Text;

namespace Osprey.Cli.Rendering.Text;

/// <summary>Tables of a running guest's tracepoints.</summary>
internal static class TracepointText
{
    /// <summary>Describes the guest in one line.</summary>
    public static string Describe(GuestSummary guest)
    {
        string version = guest.OsVersion is string known
            ? $"OSv {TerminalText.Escape(known)}"
            : "a guest that does not tell its version";
        string cpus = guest.ProcessorCount switch
        {
            null => "",
            1 => ", 1 CPU",
            int count => $", {count} CPUs",
        };
        return $"{version}{cpus}, at {guest.Url}";
    }

    /// <summary>Writes one row for each name.</summary>
    public static void WriteStates(Utf8Builder text, IReadOnlyList<TracepointState> states, bool hasHeader)
    {
        string[] names = [.. states.Select(state => Name(state.Name, state.Copies))];
        int width = names.Append("tracepoint").Max(name => name.Length);
        if (hasHeader)
            text.Append($"{"tracepoint".PadRight(width)}  {"enabled", -9}  backtrace\n");

        for (int i = 0; i < names.Length; i++)
        {
            TracepointState state = states[i];
            text.Append(
                $"{names[i].PadRight(width)}  {Share(state.EnabledCopies, state.Copies), -9}  "
                    + $"{Share(state.BacktraceCopies, state.Copies)}\n"
            );
        }
    }

    /// <summary>Writes one row for each name: what it was and what it is.</summary>
    public static void WriteChanges(Utf8Builder text, IReadOnlyList<TracepointChange> changes)
    {
        string[] names = [.. changes.Select(change => Name(change.Name, change.Current.Copies))];
        string[] before = [.. changes.Select(change => State(change.Previous))];
        int width = names.Append("tracepoint").Max(name => name.Length);
        int beforeWidth = before.Append("was").Max(state => state.Length);
        text.Append($"{"tracepoint".PadRight(width)}  {"was".PadRight(beforeWidth)}  is\n");
        for (int i = 0; i < names.Length; i++)
        {
            string now = changes[i].Changed ? State(changes[i].Current) : "the same";
            text.Append($"{names[i].PadRight(width)}  {before[i].PadRight(beforeWidth)}  {now}\n");
        }
    }

    /// <summary>Writes the counters of one reading.</summary>
    public static void WriteCounts(Utf8Builder text, TraceCounts counts)
    {
        string[] names = [.. counts.List.Select(count => TerminalText.Escape(count.Name))];
        int width = names.Append("tracepoint").Max(name => name.Length);
        text.Append($"{"tracepoint".PadRight(width)}  {"count", 20}\n");
        for (int i = 0; i < names.Length; i++)
            text.Append($"{names[i].PadRight(width)}  {counts.List[i].Count, 20}\n");
    }

    private static string Name(string name, int copies) =>
        copies == 1 ? TerminalText.Escape(name) : $"{TerminalText.Escape(name)} (x{copies})";

    private static string Share(int some, int all) =>
        some == 0 ? "no"
        : some == all ? "yes"
        : $"{some} of {all}";

    private static string State(TracepointState state)
    {
        string enabled =
            state.EnabledCopies == 0 ? "off"
            : state.EnabledCopies == state.Copies ? "on"
            : $"{state.EnabledCopies} of {state.Copies} on";
        string some = state.BacktraceCopies == state.Copies ? "" : $"{state.BacktraceCopies} of {state.Copies} ";
        return state.Backtrace ? $"{enabled}, {some}with backtrace" : enabled;
    }
}
