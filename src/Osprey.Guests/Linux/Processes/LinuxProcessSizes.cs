using Osprey.Target.Memory;

namespace Osprey.Guests.Linux.Processes;

/// <summary>Reads how much memory processes have, as <c>/proc/PID/statm</c> counts it.</summary>
/// <remarks>
/// A process counts its pages in <c>mm_struct.rss_stat</c>: those of files, its own and shared ones. Until 6.1 these
/// are numbers; since 6.2 each CPU has a part of its own, which the kernel's file leaves out in some versions, so that
/// ours are the exact ones.
/// </remarks>
internal sealed class LinuxProcessSizes
{
    private const int PageShift = 12;

    private static readonly (string Enumerator, ulong Usual)[] s_resident =
    [
        ("MM_FILEPAGES", 0),
        ("MM_ANONPAGES", 1),
        ("MM_SHMEMPAGES", 3),
    ];

    private readonly IMemoryReader _memory;
    private readonly LinuxField? _mapped;
    private readonly LinuxField? _numbers;
    private readonly LinuxField? _counters;
    private readonly LinuxField? _common;
    private readonly LinuxField? _own;
    private readonly ulong _counterSize;
    private readonly ulong[] _kinds;
    private readonly Lazy<LinuxCpus> _cpus; // before 6.2, the counts are not split
    private readonly Dictionary<ulong, (ulong? Virtual, ulong? Resident)> _known = [];

    public LinuxProcessSizes(GuestKernel kernel)
    {
        const string Space = "struct mm_struct";
        _memory = kernel.Values.Memory;
        _mapped = LinuxField.Find(kernel.Values, Space, "total_vm");
        _numbers = LinuxField.Find(kernel.Values, Space, "rss_stat", "count");
        _counters = LinuxField.Find(kernel.Values, Space, "rss_stat");
        var counter = new LinuxStruct(kernel, "struct percpu_counter");
        (_common, _own, _counterSize) = (counter.Find("count"), counter.Find("counters"), counter.Size ?? 0);
        _kinds =
        [
            .. s_resident.Select(kind =>
                kernel.Values.FindEnumerator(kind.Enumerator) is { } value && value.TryGetUInt64(out ulong index)
                    ? index
                    : kind.Usual
            ),
        ];
        _cpus = new Lazy<LinuxCpus>(() => LinuxCpus.Read(kernel));
    }

    /// <summary>Reads the sizes of a process's memory, in bytes.</summary>
    /// <param name="space">Its <c>mm_struct</c>; 0 for none.</param>
    public (ulong? Virtual, ulong? Resident) Read(ulong space)
    {
        if (!LinuxStruct.IsKernelAddress(space))
            return (null, null);

        if (!_known.TryGetValue(space, out (ulong?, ulong?) sizes))
            _known[space] = sizes = (ToBytes(_mapped?.Read(_memory, space)), ToBytes(CountResident(space)));

        return sizes;
    }

    private ulong? CountResident(ulong space)
    {
        long sum = 0;
        foreach (ulong kind in _kinds)
        {
            if ((_numbers is null ? CountParts(space, kind) : Count(space, kind)) is not { } count)
                return null;

            // A count that goes through zero meanwhile is not below it.
            sum = unchecked(sum + Math.Max(count, 0));
        }

        return unchecked((ulong)sum);
    }

    private long? Count(ulong space, ulong kind) =>
        _memory.TryReadUInt64(
            unchecked(space + (ulong)_numbers!.Value.Offset + (kind * sizeof(ulong))),
            out ulong count
        )
            ? unchecked((long)count)
            : null;

    private long? CountParts(ulong space, ulong kind)
    {
        if (_counters is not { } first || _common is null || _own is null || _counterSize == 0)
            return null;

        ulong place = unchecked(space + (ulong)first.Offset + (kind * _counterSize));
        if (_common.Value.Read(_memory, place) is not { } common || _own.Value.Read(_memory, place) is not { } parts)
            return null;

        long sum = unchecked((long)common);
        foreach ((_, ulong offset) in _cpus.Value.All)
        {
            if (_memory.TryReadUInt32(unchecked(parts + offset), out uint part))
                sum = unchecked(sum + (int)part);
        }

        return sum;
    }

    // What can't be true, as in damaged memory, is not known.
    private static ulong? ToBytes(ulong? pages) => pages is < 1UL << 40 ? pages << PageShift : null;
}
