using System.Globalization;
using Osprey.Guests.Logs;
using Osprey.Target;

namespace Osprey.Guests.Linux.Logs;

/// <summary>The messages of a Linux kernel, as <c>dmesg</c> shows them.</summary>
internal static class KernelLog
{
    private const string Scope = "what the kernel and programs wrote to its log (printk, /dev/kmsg)";

    /// <summary>Reads them.</summary>
    /// <exception cref="TargetException">The kernel has no log, or it is not understood.</exception>
    public static GuestLog Read(GuestKernel kernel)
    {
        (IReadOnlyList<GuestLogRecord> records, List<string> defects) =
            PrintkRing.TryRead(kernel)
            ?? PrintkBuffer.TryRead(kernel)
            ?? throw new TargetException(
                TargetProblem.NotConfigured,
                "not configured in this kernel: it has no log (prb, log_buf)"
            );

        ulong lost = records.Count > 0 ? records[0].Sequence : 0;
        string scope =
            lost == 0
                ? Scope
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Scope}; {lost} older {(lost == 1 ? "record was" : "records were")} written over"
                );
        return new GuestLog([.. records.SelectMany(GetLines)], lost > 0, scope)
        {
            Records = records,
            Defects = defects,
        };
    }

    /// <summary>The lines of a record, each with its time, as the kernel gives them to <c>syslog(2)</c>.</summary>
    public static IEnumerable<string> GetLines(GuestLogRecord record)
    {
        string time = string.Create(
            CultureInfo.InvariantCulture,
            $"[{record.Time / 1_000_000_000, 5}.{record.Time % 1_000_000_000 / 1000:000000}] "
        );
        if (record.IsTorn)
            return [$"{time}(the text of this record can't be read)"];

        return record.Text.Split('\n').Select(line => time + line);
    }
}
