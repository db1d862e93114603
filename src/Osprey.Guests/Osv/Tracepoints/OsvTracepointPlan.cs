using System.Buffers.Binary;
using System.Globalization;
using Osprey.Guests.Memory;
using Osprey.Guests.Tracepoints;
using Osprey.Target;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Memory;

namespace Osprey.Guests.Osv.Tracepoints;

// OSv enables a tracepoint so: it allocates the rings, if it has not yet; it sets _logging; and if the tracepoint was
// not active, for samples or for what else waits for hits (the "probes": counters), it sets active and turns the
// instruction at each of the tracepoint's places from a nop into a jump. Disabling goes the same way back: a
// tracepoint with probes stays active. The flag _backtrace is looked at with each sample.
//
// The plan writes the same, so that the kernel's own commands and ours can follow each other in any order. Only the
// rings can't be allocated from outside. A sample without a ring would be written to address 0: no tracepoint is
// enabled in a kernel that has none.
//
// The order of writes is for an end at any moment. Enabling sets the flags first, then turns the places: a place that
// is still a nop does nothing, one that jumps finds a tracepoint that is ready. Disabling goes backwards. Whatever was
// left half done, the kernel's own "disable" finds active set and restores every place; ours looks at each place by
// itself, and writes those that are not as they shall be.
//
// trace_control_lock is held while the kernel changes tracepoints itself: then places are in between, and nothing is
// written.

/// <summary>Finds what is to be written to enable or disable tracepoints of OSv.</summary>
internal static class OsvTracepointPlan
{
    private const string Lock = "trace_control_lock";

    /// <summary>Makes the plan.</summary>
    /// <exception cref="TargetException">
    /// The kernel has no tracepoints or no rings, or holds something that is not understood.
    /// </exception>
    public static GuestTracepointPlan Make(
        GuestKernel kernel,
        GuestTracepointRequest request,
        CancellationToken cancellation
    )
    {
        if (kernel.Architecture != X64Architecture.Instance)
            throw new TargetException(
                TargetProblem.UnsupportedArchitecture,
                "tracepoints can be switched in x86-64 kernels only"
            );

        if (request.IsEnabled)
            RequireRings(kernel, cancellation);

        GuestList<OsvTracepoint> found = OsvTracepoints.ListObjects(kernel, cancellation);
        if (found.Defects.Count > 0)
            throw NotUnderstood(
                $"the kernel's list of tracepoints is not whole, so nothing is written: {found.Defects[0]}"
            );

        OsvTracepointSwitch[] switches =
        [
            .. found
                .Items.Where(item => request.IsMeant(item.Tracepoint.Name))
                .OrderBy(item => item.Tracepoint.Name, StringComparer.Ordinal)
                .Select(OsvTracepointSwitch.Read),
        ];
        return Make(switches, OsvPatchSites.Read(kernel), FindLock(kernel), request, kernel.Values.Memory);
    }

    /// <summary>Makes the plan for tracepoints of which all is known.</summary>
    internal static GuestTracepointPlan Make(
        IReadOnlyList<OsvTracepointSwitch> switches,
        OsvPatchSites sites,
        GuestMemoryGuard? held,
        GuestTracepointRequest request,
        IMemoryReader memory
    )
    {
        var changes = new List<GuestTracepointChange>();
        var writes = new List<GuestMemoryWrite>();
        var guards = new List<GuestMemoryGuard>();
        if (held is not null)
            guards.Add(held);

        foreach (OsvTracepointSwitch item in switches)
        {
            GuestTracepoint before = item.Tracepoint;
            bool wasActive = before.IsActive == true;
            GuestTracepoint after = before with
            {
                IsLogging = request.IsEnabled,
                IsActive = request.IsEnabled || item.HasProbes,
                WithBacktrace = request.WithBacktrace ?? before.WithBacktrace,
            };
            OsvPatchSite[] own = [.. sites.Of(item.Id)];
            changes.Add(new GuestTracepointChange(before, after, own.Length));
            GuestMemoryWrite?[] flags =
            [
                Set(item, item.Backtrace, "_backtrace", before.WithBacktrace, after.WithBacktrace),
                Set(item, item.Logging, "_logging", before.IsLogging, after.IsLogging),
                Set(item, item.Active, "active", wasActive, after.IsActive == true),
            ];
            IEnumerable<GuestMemoryWrite> code = own.Select(site => Turn(item, site, after.IsActive == true, memory))
                .OfType<GuestMemoryWrite>()
                .ToArray();
            writes.AddRange(
                request.IsEnabled
                    ? [.. flags.OfType<GuestMemoryWrite>(), .. code]
                    : [.. code, .. flags.OfType<GuestMemoryWrite>()]
            );
            guards.Add(GuardProbes(item));
        }

        RequireApart(writes);
        return new GuestTracepointPlan(changes, writes, guards);
    }

    /// <summary>Makes sure that no byte is written twice, as two tracepoints of a damaged list would have it.</summary>
    private static void RequireApart(IEnumerable<GuestMemoryWrite> writes)
    {
        GuestMemoryWrite? last = null;
        foreach (GuestMemoryWrite write in writes.OrderBy(write => write.Address))
        {
            if (last is not null && write.Address - last.Address < (ulong)last.After.Length)
                throw NotUnderstood(
                    $"the tracepoints {last.Owner} and {write.Owner} would have the same bytes written, so nothing is"
                );

            last = write;
        }
    }

    /// <summary>Makes sure that each CPU has a ring.</summary>
    private static void RequireRings(GuestKernel kernel, CancellationToken cancellation)
    {
        GuestList<GuestTraceRing> rings = OsvTraceRings.Read(kernel, cancellation).Rings;
        if (rings.Defects.Count > 0)
            throw NotUnderstood(
                $"the guest's trace buffers are not understood, so no tracepoint is enabled: {rings.Defects[0]}"
            );

        if (rings.Items.Count == 0 || rings.Items.Any(ring => ring.Base == 0 || ring.Size == 0))
            throw new TargetException(
                TargetProblem.NotAnswered,
                "the guest has no trace buffers, and a tracepoint that is enabled without them makes it crash, so "
                    + "nothing is written. The kernel allocates them when it enables a tracepoint itself, which it has "
                    + "not done since it was booted: boot it with --trace=NAME (any tracepoint will do), or enable one "
                    + "by its REST server"
            );
    }

    private static GuestMemoryGuard? FindLock(GuestKernel kernel) =>
        kernel.FindVariable(Lock) is { } held && held.Member("count") is { Address: { } address, Size: sizeof(int) }
            ? new GuestMemoryGuard(
                address,
                new byte[sizeof(int)],
                "the guest is changing its tracepoints itself at this moment: try again"
            )
            : null;

    private static GuestMemoryGuard GuardProbes(OsvTracepointSwitch item)
    {
        byte[] target = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(target, item.ProbesTarget);
        return new GuestMemoryGuard(
            item.Probes,
            target,
            $"the guest began or ended to count the tracepoint {item.Tracepoint.Name} meanwhile: try again"
        );
    }

    /// <summary>Sets a flag; null when it has the value already.</summary>
    private static GuestMemoryWrite? Set(
        OsvTracepointSwitch item,
        ulong address,
        string name,
        bool before,
        bool after
    ) =>
        before == after
            ? null
            : new GuestMemoryWrite(item.Tracepoint.Name, name, address, Flag(before), Flag(after), IsCode: false);

    private static ReadOnlyMemory<byte> Flag(bool value) => new[] { value ? (byte)1 : (byte)0 };

    /// <summary>Turns the instruction at a place; null when it is as wanted already.</summary>
    /// <exception cref="TargetException">It is neither of the two instructions.</exception>
    private static GuestMemoryWrite? Turn(OsvTracepointSwitch item, OsvPatchSite site, bool isOn, IMemoryReader memory)
    {
        byte[] found = new byte[OsvPatchSite.Size];
        byte[] jump = site.MakeJump();
        bool isRead = memory.Read(site.Address, found) == found.Length;
        bool isIdle = found.AsSpan().SequenceEqual(OsvPatchSite.Idle.Span);
        if (!isRead || (!isIdle && !found.AsSpan().SequenceEqual(jump)))
            throw NotUnderstood(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the place of the tracepoint {item.Tracepoint.Name} at 0x{site.Address:x} "
                )
                    + (
                        isRead
                            ? $"holds {Hex(found)}, neither {Hex(OsvPatchSite.Idle.Span)} nor {Hex(jump)}"
                            : "can't be read"
                    )
                    + ", so nothing is written"
            );

        return isIdle != isOn
            ? null
            : new GuestMemoryWrite(
                item.Tracepoint.Name,
                "code",
                site.Address,
                found,
                isOn ? jump : OsvPatchSite.Idle,
                IsCode: true
            );
    }

    private static string Hex(ReadOnlySpan<byte> bytes)
    {
        string digits = Convert.ToHexStringLower(bytes);
        return string.Join(' ', Enumerable.Range(0, bytes.Length).Select(i => digits.Substring(2 * i, 2)));
    }

    private static TargetException NotUnderstood(string message) => new(TargetProblem.NotUnderstood, message);
}
