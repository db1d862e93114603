using Osprey.Target.Backends.Processes;
using Osprey.Target.Backends.Qemu.Processes;
using Osprey.Target.Execution;
using Osprey.Target.Memory;

namespace Osprey.Target.Backends.Qemu.Live;

/// <summary>A guest's physical memory, read out of the QEMU process while the guest runs.</summary>
internal class QemuMemory : IPhysicalMemory, IMemoryWriter, IDisposable
{
    private readonly RamRange[] _ranges;
    private readonly SharedMapping?[] _mappings;
    private readonly MappedRange[] _mappedRanges;
    private readonly ProcessMemory _process;
    private int _last;
    private MappedRange _mapped = MappedRange.None;

    /// <param name="process">The QEMU.</param>
    /// <param name="ranges">Its ranges, lowest address first, not overlapping.</param>
    /// <param name="mappings">For each range the mapping that holds it; null where there is none.</param>
    protected QemuMemory(QemuProcess process, RamRange[] ranges, SharedMapping?[] mappings)
    {
        _process = new ProcessMemory(process);
        _ranges = ranges;
        _mappings = mappings;
        _mappedRanges = [.. ranges.Select((range, i) => mappings[i]?.GetRange(range) ?? MappedRange.None)];
        Blocks = [.. ranges.Select(range => range.Block)];
    }

    /// <inheritdoc/>
    public IReadOnlyList<MemoryBlock> Blocks { get; }

    /// <inheritdoc/>
    public StopGeneration Generation { get; } = new();

    /// <summary>The means by which the largest range is read, for the user.</summary>
    public string Method =>
        _ranges.Length == 0 ? "nothing"
        : _mappings[Array.IndexOf(_ranges, _ranges.MaxBy(range => range.Block.Size))] is null ? _process.Method
        : "mapped shared memory";

    /// <summary>Opens it.</summary>
    /// <param name="process">The QEMU.</param>
    /// <param name="ranges">Its ranges, lowest address first, not overlapping.</param>
    /// <param name="mapped">Whether to map shared backends; what is left is read through the process.</param>
    public static QemuMemory Open(QemuProcess process, IReadOnlyList<RamRange> ranges, bool mapped)
    {
        RamRange[] list = [.. ranges];
        var mappings = new SharedMapping?[list.Length];
        IReadOnlyList<ProcessMapping> rows = mapped ? ReadMappings(process) : [];
        for (int i = 0; i < list.Length; i++)
            mappings[i] = FindMapping(process, rows, list[i], mappings);

        return mappings.Any(mapping => mapping is not null)
            ? new SharedQemuMemory(process, list, mappings)
            : new QemuMemory(process, list, mappings);
    }

    /// <inheritdoc/>
    public int Read(PhysicalAddress address, Span<byte> buffer) =>
        _mapped.TryRead(address.Value, buffer) ? buffer.Length : ReadRanges(address, buffer);

    private int ReadRanges(PhysicalAddress address, Span<byte> buffer)
    {
        int done = 0;
        while (done < buffer.Length)
        {
            ulong at = unchecked(address.Value + (uint)done);
            int index = Find(at);
            if (index < 0 || at < address.Value)
                return done;

            RamRange range = _ranges[index];
            ulong offset = at - range.Block.Start.Value;
            int size = (int)Math.Min((ulong)(buffer.Length - done), range.Block.Size - offset);
            Span<byte> part = buffer.Slice(done, size);
            ulong hostAddress = range.HostAddress + offset;
            if (_mappings[index] is { } mapping)
            {
                _mapped = _mappedRanges[index];
                ReadOnlySpan<byte> bytes = mapping.GetBytes(hostAddress, size);
                bytes.CopyTo(part);
                done += bytes.Length;
                continue;
            }

            int count = _process.Read(hostAddress, part);
            done += count;
            if (count < size)
                return done;
        }

        return done;
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Written behind QEMU's back, into its process: without KVM it goes on with code that it translated before. Write
    /// code through the gdb stub.
    /// </remarks>
    public void Write(PhysicalAddress address, ReadOnlySpan<byte> bytes)
    {
        RamCheck.Require(this, address, bytes.Length);
        try
        {
            int done = 0;
            while (done < bytes.Length)
            {
                ulong at = address.Value + (uint)done;
                RamRange range = _ranges[Find(at)];
                ulong offset = at - range.Block.Start.Value;
                int size = (int)Math.Min((ulong)(bytes.Length - done), range.Block.Size - offset);
                _process.Write(range.HostAddress + offset, bytes.Slice(done, size));
                done += size;
            }
        }
        finally
        {
            Generation.Advance();
        }
    }

    public void Dispose()
    {
        Array.Fill(_mappedRanges, MappedRange.None);
        _mapped = MappedRange.None;
        _process.Dispose();
        foreach (SharedMapping? mapping in _mappings)
            mapping?.Dispose();
    }

    /// <summary>The bytes at an address where they lie; empty where nothing is mapped here.</summary>
    /// <param name="address">Where.</param>
    /// <param name="maxLength">How many at most.</param>
    /// <param name="isMapped">Whether the range is mapped here at all.</param>
    protected ReadOnlySpan<byte> FindMapped(ulong address, int maxLength, out bool isMapped)
    {
        int index = Find(address);
        isMapped = index >= 0 && _mappings[index] is not null;
        if (!isMapped)
            return default;

        RamRange range = _ranges[index];
        ulong offset = address - range.Block.Start.Value;
        return _mappings[index]!.GetBytes(
            range.HostAddress + offset,
            (int)Math.Min((ulong)maxLength, range.Block.Size - offset)
        );
    }

    private int Find(ulong address)
    {
        int last = _last;
        if (last < _ranges.Length && Contains(last, address))
            return last;

        int low = 0;
        int high = _ranges.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            if (Contains(middle, address))
                return _last = middle;

            if (_ranges[middle].Block.Start.Value > address)
                high = middle - 1;
            else
                low = middle + 1;
        }

        return -1;
    }

    private bool Contains(int index, ulong address)
    {
        MemoryBlock block = _ranges[index].Block;
        return address >= block.Start.Value && address - block.Start.Value < block.Size;
    }

    private static IReadOnlyList<ProcessMapping> ReadMappings(QemuProcess process)
    {
        try
        {
            return ProcessMapping.ReadAll(process.ProcessId);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static SharedMapping? FindMapping(
        QemuProcess process,
        IReadOnlyList<ProcessMapping> rows,
        RamRange range,
        SharedMapping?[] opened
    )
    {
        ProcessMapping? row = rows.FirstOrDefault(row =>
            row.IsShared && range.HostAddress >= row.Start && range.HostAddress < row.End
        );
        return row is null || range.Block.Size > row.End - range.HostAddress
            ? null
            : Array.Find(opened, mapping => mapping?.Mapping == row) ?? SharedMapping.TryOpen(process, row);
    }
}
