using System.Globalization;
using Osprey.Guests.Memory;
using Osprey.Target;
using Osprey.Target.Memory;

namespace Osprey.Session.Guests.Patching;

/// <summary>Writes of a guest's memory that are made together while its vCPUs stand still, or not at all.</summary>
/// <remarks>
/// <para>
/// They were planned while the guest ran. So everything that the plan rests on is compared again once the vCPUs stand
/// still, byte for byte: what is to be replaced, and the guards. No vCPU may stand within an instruction that is
/// replaced, behind its first byte; at its first byte it executes the new one. Nothing is written unless all of that
/// holds. Afterwards everything is read back.
/// </para>
/// <para>
/// Nothing undoes the writes when one fails, or when the process is killed between two: the order that they are planned
/// in is one in which the guest runs on safely with the first of them, and the same plan made again has the rest. Each
/// write is one request or system call. A signal that can be caught lets the guest run on; after SIGKILL it stays
/// paused until somebody says <c>cont</c> to its QEMU.
/// </para>
/// </remarks>
/// <param name="session">The guest.</param>
/// <param name="writes">The writes, in their order.</param>
/// <param name="guards">The bytes that must be as they were.</param>
public sealed class GuestPatch(
    GuestSession session,
    IReadOnlyList<GuestMemoryWrite> writes,
    IReadOnlyList<GuestMemoryGuard> guards
)
{
    /// <summary>Gives the physical address of the kernel's memory, all of it without a break.</summary>
    /// <exception cref="TargetException">Not all is there, or it has a break.</exception>
    public static PhysicalAddress Translate(AddressSpace space, ulong address, int size)
    {
        if (!space.Memory.TryTranslate(address, out PhysicalAddress first))
            throw new TargetException(space.Explain(address));

        ulong last = unchecked(address + (ulong)size - 1);
        if (!space.Memory.TryTranslate(last, out PhysicalAddress end))
            throw new TargetException(space.Explain(last));

        return end.Value - first.Value == (ulong)size - 1
            ? first
            : throw new TargetException(
                TargetProblem.NotUnderstood,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the {size} bytes at 0x{address:x} are not together in physical memory: nothing is written"
                )
            );
    }

    /// <summary>Makes the writes.</summary>
    /// <param name="watch">
    /// Told of the way by which the guest is paused, before anything is written: keeps that from outliving the process,
    /// and is disposed when the guest runs again.
    /// </param>
    /// <param name="cancellation">Ends it as long as nothing was written.</param>
    /// <exception cref="TargetException">
    /// The guest can't be written or paused, or changed since the writes were planned; the message says whether
    /// anything was written.
    /// </exception>
    public GuestPatchResult Apply(Func<GuestTarget, IDisposable> watch, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(watch);
        bool hasCode = writes.Any(write => write.IsCode);
        GuestPatchResult result = Apply(
            session.Os.GetKernelSpace(session.Vcpu.Space),
            () => PatchWay.Open(session, hasCode, cancellation),
            watch,
            cancellation
        );
        session.Refresh();
        return result;
    }

    /// <summary>Makes the writes by any way.</summary>
    internal GuestPatchResult Apply(
        AddressSpace space,
        Func<PatchWay> open,
        Func<GuestTarget, IDisposable> watch,
        CancellationToken cancellation
    )
    {
        PlacedBytes[] before = [.. writes.Select(write => Place(space, write.Address, write.Before))];
        PlacedBytes[] after = [.. writes.Select(write => Place(space, write.Address, write.After))];
        PlacedBytes[] kept = [.. guards.Select(guard => Place(space, guard.Address, guard.Expected))];
        PatchWay way = open();
        IDisposable? watcher = null;
        try
        {
            watcher = watch(way.Target);
            Check(way, before, kept);
            cancellation.ThrowIfCancellationRequested();
            Write(way, after);
            Verify(way, after);
        }
        finally
        {
            way.Dispose(); // lets the guest run, while that is still watched
            watcher?.Dispose();
        }

        return new GuestPatchResult(way.Name, way.PausedFor);
    }

    private static PlacedBytes Place(AddressSpace space, ulong address, ReadOnlyMemory<byte> bytes) =>
        new(address, Translate(space, address, bytes.Length), bytes);

    private void Check(PatchWay way, PlacedBytes[] before, PlacedBytes[] kept)
    {
        for (int i = 0; i < kept.Length; i++)
        {
            if (!kept[i].AreIn(way.Memory))
                throw new TargetException(TargetProblem.NotAnswered, guards[i].Otherwise + "; nothing was written");
        }

        for (int i = 0; i < before.Length; i++)
        {
            if (!before[i].AreIn(way.Memory))
                throw new TargetException(
                    TargetProblem.NotAnswered,
                    $"{Describe(writes[i])} changed meanwhile: try again; nothing was written"
                );
        }

        CheckPrograms(way);
    }

    private void CheckPrograms(PatchWay way)
    {
        GuestMemoryWrite[] code = [.. writes.Where(write => write.IsCode)];
        if (code.Length == 0)
            return;

        int[] cpus = [.. Enumerable.Range(0, way.Target.CpuCount)];
        IReadOnlyList<Target.Architectures.RegisterSet> registers = way.Target.ReadRegisters(cpus);
        foreach ((int cpu, Target.Architectures.RegisterSet set) in cpus.Zip(registers))
        {
            if (set.ProgramCounter is not { } pc)
                throw new TargetException(
                    TargetProblem.NotAnswered,
                    $"it is not known where vCPU {cpu} is: nothing was written"
                );

            if (
                Array.Find(code, write => pc > write.Address && pc - write.Address < (ulong)write.After.Length) is
                { } at
            )
                throw new TargetException(
                    TargetProblem.NotUnderstood,
                    $"vCPU {cpu} stands within {Describe(at)}: nothing was written"
                );
        }
    }

    private void Write(PatchWay way, PlacedBytes[] after)
    {
        int done = 0;
        try
        {
            while (done < after.Length)
            {
                // Flags lie side by side: one request for them all.
                int count = 1;
                while (
                    done + count < after.Length
                    && !writes[done].IsCode
                    && !writes[done + count].IsCode
                    && after[done + count - 1].IsBefore(after[done + count])
                )
                    count++;

                way.Writer.Write(after[done].Physical, Join(after.AsSpan(done, count)));
                done += count;
            }
        }
        catch (TargetException exception)
        {
            throw new TargetException(
                exception.Problem,
                done == 0
                    ? exception.Message
                    : $"{exception.Message}; {done} of {after.Length} changes were written. The guest can run on with "
                        + "them: give the command again for the rest",
                exception
            );
        }
    }

    private void Verify(PatchWay way, PlacedBytes[] after)
    {
        for (int i = 0; i < after.Length; i++)
        {
            if (!after[i].AreIn(way.Memory))
                throw new TargetException(
                    TargetProblem.MemoryNotWritten,
                    $"{Describe(writes[i])} does not hold what was written to it"
                );
        }
    }

    private static byte[] Join(ReadOnlySpan<PlacedBytes> pieces)
    {
        var bytes = new List<byte>();
        foreach (PlacedBytes piece in pieces)
            bytes.AddRange(piece.Bytes.Span);

        return [.. bytes];
    }

    private static string Describe(GuestMemoryWrite write) =>
        string.Create(CultureInfo.InvariantCulture, $"{write.Part} of {write.Owner} at 0x{write.Address:x}");
}
