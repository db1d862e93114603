using Osprey.Target.Backends.Qemu.Processes;
using Osprey.Target.Memory;

namespace Osprey.Target.Backends.Qemu.Live;

/// <summary>A guest's physical memory, read out of the QEMU process while the guest runs.</summary>
internal sealed class QemuMemory : IPhysicalMemory, IDisposable
{
    private readonly RamRange[] _ranges;
    private readonly SharedMapping?[] _mappings;
    private readonly List<SharedMapping> _opened = [];
    private readonly ProcessMemory _process;
    private int _last;

    /// <param name="process">The QEMU.</param>
    /// <param name="ranges">Its ranges, lowest address first, not overlapping.</param>
    /// <param name="mapped">Whether to map shared backends.</param>
    public QemuMemory(QemuProcess process, IReadOnlyList<RamRange> ranges, bool mapped = true)
    {
        _process = new ProcessMemory(process);
        _ranges = [.. ranges];
        Blocks = [.. ranges.Select(range => range.Block)];
        _mappings = new SharedMapping?[_ranges.Length];
        if (!mapped)
            return;

        IReadOnlyList<ProcessMapping> rows = ReadMappings(process);
        for (int i = 0; i < _ranges.Length; i++)
            _mappings[i] = FindMapping(process, rows, _ranges[i]);
    }

    /// <inheritdoc/>
    public IReadOnlyList<MemoryBlock> Blocks { get; }

    /// <summary>How the largest range is read, for the user.</summary>
    public string Method => _ranges.Length == 0 ? "nothing"
        : _mappings[Array.IndexOf(_ranges, _ranges.MaxBy(range => range.Block.Size))] is null ? _process.Method : "mapped shared memory";

    /// <inheritdoc/>
    public int Read(PhysicalAddress address, Span<byte> buffer)
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
            if (_mappings[index] is { } mapping)
            {
                mapping.GetBytes(range.HostAddress + offset, size).CopyTo(part);
                done += size;
                continue;
            }

            int count = _process.Read(range.HostAddress + offset, part);
            done += count;
            if (count < size)
                return done;
        }

        return done;
    }

    public void Dispose()
    {
        _process.Dispose();
        foreach (SharedMapping mapping in _opened)
            mapping.Dispose();
    }

    private int Find(ulong address)
    {
        if (_last < _ranges.Length && Contains(_last, address))
            return _last;

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

    private SharedMapping? FindMapping(QemuProcess process, IReadOnlyList<ProcessMapping> rows, RamRange range)
    {
        ProcessMapping? row = rows.FirstOrDefault(row => row.IsShared && range.HostAddress >= row.Start && range.HostAddress < row.End);
        if (row is null || range.Block.Size > row.End - range.HostAddress)
            return null;

        SharedMapping? mapping = _opened.Find(mapping => mapping.Mapping == row) ?? SharedMapping.TryOpen(process, row);
        if (mapping is not null && !_opened.Contains(mapping))
            _opened.Add(mapping);

        return mapping;
    }
}
