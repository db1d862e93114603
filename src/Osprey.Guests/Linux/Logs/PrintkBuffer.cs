using System.Globalization;
using System.Text;
using Osprey.Guests.Logs;
using Osprey.Symbols.Types;
using Osprey.Target;
using Osprey.Values;

namespace Osprey.Guests.Linux.Logs;

/// <summary>
/// Reads the log of kernels before 5.10: one <c>struct printk_log</c> behind the other in <c>log_buf</c>.
/// </summary>
/// <remarks>
/// Each record has its size, which leads to the next one; a size of 0 says that the next one is at the buffer's start.
/// <c>log_first_idx</c> and <c>log_next_idx</c> are the places of the oldest record and of the next one to come, and
/// <c>log_first_seq</c> and <c>log_next_seq</c> are their numbers. Writers hold a lock, which nobody outside can: the
/// four are read before and after, and when the oldest record moved, all is read anew, a few times.
/// </remarks>
internal static class PrintkBuffer
{
    private const int MaxReads = 4;
    private const ulong MaxSize = 64 << 20;

    /// <summary>Reads the records.</summary>
    /// <returns>The records and the reasons why some are missing; null when the kernel has no such log.</returns>
    /// <exception cref="TargetException">The log is not understood.</exception>
    public static (IReadOnlyList<GuestLogRecord> Records, List<string> Defects)? TryRead(GuestKernel kernel)
    {
        if (LinuxVariables.Find(kernel, "unsigned int", "log_first_idx") is null)
            return null;

        DebugType type = LinuxVariables.GetType(kernel, "struct printk_log");
        for (int number = 1; ; number++)
        {
            Place before = ReadPlace(kernel);
            ulong address = Read(kernel, "unsigned long", "log_buf");
            ulong size = Read(kernel, "unsigned int", "log_buf_len");
            if (size is 0 or > MaxSize)
                throw NotUnderstood($"log_buf_len is {size}");

            byte[] bytes = new byte[size];
            if (kernel.Values.Memory.Read(address, bytes) < bytes.Length)
                throw NotUnderstood($"{size} bytes at 0x{address:x} can't be read");

            kernel.Refresh();
            bool isSame = ReadPlace(kernel).FirstSequence == before.FirstSequence;
            List<string> defects = isSame ? [] : ["records were written over while they were read"];
            List<GuestLogRecord> records = List(kernel, type, bytes, before, defects);
            if (defects.Count == 0 || number == MaxReads)
                return (records, defects);
        }
    }

    private static List<GuestLogRecord> List(
        GuestKernel kernel,
        DebugType type,
        byte[] bytes,
        Place place,
        List<string> defects
    )
    {
        var records = new List<GuestLogRecord>();
        int header = (int)Math.Min(kernel.Values.GetSize(type) ?? 0, 256);
        ulong at = place.First;
        ulong count = unchecked(place.NextSequence - place.FirstSequence);
        bool hasWrapped = false;
        for (ulong i = 0; i < count; )
        {
            if (header == 0 || at > (ulong)bytes.Length - (ulong)header)
                break;

            Value record = kernel.Values.FromBytes(type, bytes.AsMemory((int)at, header));
            ulong size = LinuxVariables.GetNumber(record, "len");
            if (size == 0 && !hasWrapped)
            {
                (at, hasWrapped) = (0, true);
                continue;
            }

            ulong length = LinuxVariables.GetNumber(record, "text_len");
            if (size < (ulong)header + length || size > (ulong)bytes.Length - at)
                break;

            records.Add(
                new GuestLogRecord(
                    unchecked(place.FirstSequence + i),
                    LinuxVariables.GetNumber(record, "ts_nsec"),
                    (int)LinuxVariables.GetNumber(record, "facility"),
                    (int)LinuxVariables.GetNumber(record, "level"),
                    Encoding.UTF8.GetString(bytes, (int)at + header, (int)length)
                )
                {
                    Caller =
                        record.Member("caller_id") is { } caller && caller.TryGetUInt64(out ulong id)
                            ? PrintkCaller.Format(id)
                            : null,
                }
            );
            at += size;
            i++;
        }

        if ((ulong)records.Count < count)
        {
            ulong missing = count - (ulong)records.Count;
            ulong first = unchecked(place.FirstSequence + (ulong)records.Count);
            defects.Add(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{missing} records from number {first} on can't be read: the first of them is damaged"
                )
            );
        }

        return records;
    }

    private static Place ReadPlace(GuestKernel kernel) =>
        new(
            Read(kernel, "unsigned int", "log_first_idx"),
            Read(kernel, "unsigned long", "log_first_seq"),
            Read(kernel, "unsigned long", "log_next_seq")
        );

    private static ulong Read(GuestKernel kernel, string type, string name) =>
        LinuxVariables.Get(kernel, type, name).TryGetUInt64(out ulong value)
            ? value
            : throw NotUnderstood($"{name} can't be read");

    private static TargetException NotUnderstood(FormattableString reason) =>
        new(
            TargetProblem.NotUnderstood,
            $"the kernel's log is not understood: {reason.ToString(CultureInfo.InvariantCulture)}"
        );

    private readonly record struct Place(ulong First, ulong FirstSequence, ulong NextSequence);
}
