using System.Buffers.Binary;
using Osprey.Guests.Tracepoints;
using Osprey.Target;
using Osprey.Values;
using Osprey.Values.Containers;

namespace Osprey.Guests.Osv.Tracepoints;

/// <summary>A tracepoint of OSv with the addresses of all that enabling it changes.</summary>
/// <param name="Tracepoint">The tracepoint.</param>
/// <param name="Id">Its identity, which rows of <see cref="OsvPatchSites"/> have.</param>
/// <param name="Backtrace">Address of its flag <c>_backtrace</c>.</param>
/// <param name="Logging">Address of its flag <c>_logging</c>.</param>
/// <param name="Active">Address of its flag <c>active</c>.</param>
/// <param name="Probes">Address of its pointer to the list of what else waits for hits, such as counters.</param>
/// <param name="ProbesTarget">The value of that pointer.</param>
/// <param name="HasProbes">Whether that list has any.</param>
internal sealed record OsvTracepointSwitch(
    GuestTracepoint Tracepoint,
    UInt128 Id,
    ulong Backtrace,
    ulong Logging,
    ulong Active,
    ulong Probes,
    ulong ProbesTarget,
    bool HasProbes
)
{
    private const int MaxProbes = 1 << 16;

    /// <summary>Reads a tracepoint's.</summary>
    /// <exception cref="TargetException">It is not understood.</exception>
    public static OsvTracepointSwitch Read(OsvTracepoint found)
    {
        (Value point, GuestTracepoint tracepoint) = found;
        byte[] id = new byte[16];
        if (
            point.Member("id") is not { } identity
            || identity.Size != 16
            || identity.ReadBytes(id) is not null
            || FindFlag(point, "_backtrace") is not { } backtrace
            || FindFlag(point, "_logging") is not { } logging
            || FindFlag(point, "active") is not { } active
            || point.Member("probes_ptr") is not { Address: { } probes, Size: sizeof(ulong) } pointer
            || OsvPointers.Target(pointer.Member("_ptr", "ptr") ?? pointer) is not { Address: { } list } vector
            || CountProbes(vector) is not { } count
        )
            throw new TargetException(
                TargetProblem.NotUnderstood,
                $"the tracepoint {tracepoint.Name} is not understood, so nothing is written"
            );

        return new OsvTracepointSwitch(
            tracepoint,
            BinaryPrimitives.ReadUInt128LittleEndian(id),
            backtrace,
            logging,
            active,
            probes,
            list,
            count > 0
        );
    }

    /// <summary>Finds a flag of one byte; null when it is none.</summary>
    private static ulong? FindFlag(Value point, string name)
    {
        Span<byte> value = stackalloc byte[1];
        return
            point.Member(name) is { Address: { } address, Size: 1 } flag
            && flag.ReadBytes(value) is null
            && value[0] <= 1
            ? address
            : null;
    }

    private static int? CountProbes(Value vector)
    {
        if (vector.AsContainer() is not ContainerView.Items items)
            return null;

        int count = 0;
        foreach (ContainerElement element in items.Start(MaxProbes).Enumerate())
        {
            if (element.Value.Problem is not null)
                return null;

            count++;
        }

        return count;
    }
}
