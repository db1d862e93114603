using System.Globalization;
using Osprey.Target.Backends.Qemu.Live;
using Osprey.Target.Backends.Qemu.Processes;
using Osprey.Target.Backends.Qemu.Qmp;
using Osprey.Target.Memory;

namespace Osprey.Target.Backends.Qemu;

/// <summary>Finds where in its process a QEMU has the guest's RAM.</summary>
internal static class QemuRam
{
    /// <summary>Asks QEMU.</summary>
    /// <param name="qmp">The connection to it.</param>
    /// <param name="notes">Gets a note for each block that QEMU gives no address for.</param>
    /// <exception cref="QmpException">QEMU refused.</exception>
    public static IReadOnlyList<RamRange> Ask(QmpClient qmp, List<string> notes)
    {
        var ranges = new List<RamRange>();
        foreach (MemoryTreeRow row in MemoryTreeText.Parse(qmp.ExecuteHuman("info mtree -f")))
        {
            var block = new MemoryBlock(row.Start, row.Size, row.Kind, row.Block);
            if (AskHostAddress(qmp, row.Start.Value) is { } address && row.Size <= ulong.MaxValue - address)
                ranges.Add(new RamRange(block, address));
            else
                notes.Add(
                    $"{row.Start} to {new PhysicalAddress(row.Start.Value + (row.Size - 1))} ({row.Block}) "
                        + "can't be read: QEMU gives no address for it"
                );
        }

        return ranges;
    }

    /// <summary>Finds it by its size, where QEMU can't be asked.</summary>
    /// <param name="process">The QEMU.</param>
    /// <param name="reason">The reason why it can't be asked.</param>
    /// <exception cref="TargetException">It is not found, or the process can't be seen.</exception>
    public static IReadOnlyList<RamRange> Infer(QemuProcess process, TargetException reason)
    {
        try
        {
            IReadOnlyList<RamRange> ranges = RamInference.Infer(
                process.CommandLine,
                ProcessMapping.ReadAll(process.ProcessId)
            );
            return ranges.Count > 0
                ? ranges
                : throw new TargetException(
                    reason.Problem,
                    $"the RAM of qemu pid {process.ProcessId} can't be found: {reason.Message}, "
                        + "and no mapping has the size of its memory"
                )
                {
                    ProcessId = reason.ProcessId,
                };
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new TargetException(
                TargetProblem.NotPermitted,
                $"qemu pid {process.ProcessId} can't be read: not permitted",
                exception
            );
        }
        catch (IOException exception)
        {
            throw new TargetException(
                TargetProblem.GuestEnded,
                $"the guest ended: qemu pid {process.ProcessId} does not run any more",
                exception
            );
        }
    }

    /// <summary>
    /// QEMU's address of a guest-physical one: the last word of what <c>gpa2hva</c> says, if it says one.
    /// </summary>
    private static ulong? AskHostAddress(QmpClient qmp, ulong address)
    {
        string text = qmp.ExecuteHuman(string.Create(CultureInfo.InvariantCulture, $"gpa2hva 0x{address:x}")).TrimEnd();
        int at = text.LastIndexOf(" is 0x", StringComparison.Ordinal);
        return
            at >= 0
            && ulong.TryParse(
                text.AsSpan(at + 6),
                NumberStyles.AllowHexSpecifier,
                CultureInfo.InvariantCulture,
                out ulong host
            )
            ? host
            : null;
    }
}
