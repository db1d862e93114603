using Osprey.Guests.Linux.Logs;
using Osprey.Guests.Logs;
using Osprey.Target;

namespace Osprey.Guests.Linux.Failures;

/// <summary>The kernel's last report of an error of its own, cut out of its log.</summary>
/// <remarks>
/// A report begins with a line such as "BUG: kernel NULL pointer dereference" or "------------[ cut here ]------------"
/// and ends with "---[ end trace"; a panic that follows from it adds "Kernel panic - not syncing" and "---[ end Kernel
/// panic". All lines of one report are of one task or CPU, where the kernel keeps the writer of a line; another's are
/// left out.
/// </remarks>
/// <param name="Message">The first line of the report, or what the kernel panicked with.</param>
/// <param name="IsPanic">True when it is of a panic.</param>
/// <param name="Lines">The lines with their times.</param>
internal sealed record KernelReport(string? Message, bool IsPanic, IReadOnlyList<string> Lines)
{
    private const int MaxRecords = 400;
    private const string Panic = "Kernel panic - not syncing";
    private const string PanicEnd = "---[ end Kernel panic";
    private const string TraceEnd = "---[ end trace";
    private const string Cut = "------------[ cut here ]------------";

    private static readonly string[] s_beginnings =
    [
        Cut,
        "BUG: ",
        "kernel BUG at ",
        "Oops: ",
        "general protection fault",
        "unable to handle ",
        "stack segment",
        "divide error",
        "invalid opcode",
        "double fault",
        "stack guard page was hit",
        "watchdog: BUG",
        "INFO: task ",
    ];

    /// <summary>Reads it; null when the log has none, or is not understood.</summary>
    public static KernelReport? TryRead(GuestKernel kernel)
    {
        try
        {
            return Find(KernelLog.Read(kernel).Records ?? []);
        }
        catch (TargetException)
        {
            return null; // osprey log tells the reason
        }
    }

    /// <summary>Finds it among the records of a log; null when there is none.</summary>
    internal static KernelReport? Find(IReadOnlyList<GuestLogRecord> records)
    {
        int panic = FindLast(records, records.Count, IsPanicMessage);
        int end = FindLast(records, records.Count, IsEnd);
        if (panic < 0 && end < 0)
            return null;

        // A CPU that stopped while it wrote has no end.
        int last = end > panic ? end : records.Count - 1;
        string? writer = records[panic >= 0 ? panic : end].Caller;

        // An error that the panic follows from was written by the same task or CPU.
        int trace = panic >= 0 ? FindLast(records, panic, IsEnd) : end;
        bool follows = trace >= 0 && records[trace].Caller == writer && (panic < 0 || panic - trace < MaxRecords / 4);
        int first = follows ? FindBeginning(records, trace, writer) : panic;
        var lines = new List<string>();
        for (int i = first; i <= last; i++)
        {
            if (records[i].Caller == writer)
                lines.AddRange(KernelLog.GetLines(records[i]));
        }

        return new KernelReport(
            panic >= 0 ? GetMessage(records[panic].Text) : FindMessage(records, first, trace),
            panic >= 0,
            lines
        );
    }

    /// <summary>The last record before one that is of some kind; negative when there is none.</summary>
    private static int FindLast(IReadOnlyList<GuestLogRecord> records, int before, Predicate<GuestLogRecord> isIt)
    {
        for (int i = before - 1; i >= 0; i--)
        {
            if (isIt(records[i]))
                return i;
        }

        return -1;
    }

    /// <summary>The first record of the report that ends at one: not before the end of another.</summary>
    private static int FindBeginning(IReadOnlyList<GuestLogRecord> records, int end, string? writer)
    {
        int first = end;
        for (int i = end - 1; i >= 0 && end - i < MaxRecords && !IsEnd(records[i]); i--)
        {
            if (records[i].Caller == writer && IsBeginning(records[i].Text))
                first = i;
        }

        return first;
    }

    private static string? FindMessage(IReadOnlyList<GuestLogRecord> records, int first, int end)
    {
        for (int i = first; i <= end; i++)
        {
            string text = records[i].Text;
            if (IsBeginning(text) && !Has(records[i], Cut))
                return text.Split('\n')[0].Trim();
        }

        return null;
    }

    private static bool IsBeginning(string text) =>
        s_beginnings.Any(beginning => text.Contains(beginning, StringComparison.OrdinalIgnoreCase));

    private static bool IsEnd(GuestLogRecord record) => Has(record, TraceEnd) || Has(record, PanicEnd);

    private static bool IsPanicMessage(GuestLogRecord record) => Has(record, Panic) && !Has(record, PanicEnd);

    private static bool Has(GuestLogRecord record, string text) =>
        record.Facility == 0 && record.Text.Contains(text, StringComparison.Ordinal);

    private static string? GetMessage(string text)
    {
        int start = text.IndexOf(Panic, StringComparison.Ordinal) + Panic.Length;
        string message = text[start..].TrimStart(':', ' ').Split('\n')[0].Trim();
        return message.Length == 0 ? null : message;
    }
}
