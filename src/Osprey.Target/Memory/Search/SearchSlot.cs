namespace Osprey.Target.Memory.Search;

/// <summary>One chunk of memory under search, with its buffer and its matches; used again and again.</summary>
internal sealed class SearchSlot(IPhysicalMemory memory, PatternScanner scanner, int patternLength, int maxMatches)
{
    private const int PageSize = 4096;

    private readonly IMappedMemory? _mapped = memory as IMappedMemory;
    private readonly List<(int Offset, int Size)> _readable = [];
    private byte[] _buffer = [];
    private Task _work = Task.CompletedTask;

    /// <summary>Addresses of the matches that start in the chunk.</summary>
    public List<ulong> Matches { get; } = [];

    /// <summary>Bytes of the chunk that could not be read.</summary>
    public ulong Unreadable { get; private set; }

    /// <summary>Starts on a chunk. Memory that is not mapped is copied before this returns.</summary>
    public void Start(ulong address, int size, int reach)
    {
        Matches.Clear();
        Unreadable = 0;
        if (_mapped is null)
            Copy(address, size, reach);

        _work = Task.Run(() => Scan(address, size, reach));
    }

    /// <summary>Waits for the matches.</summary>
    public void Wait() => _work.GetAwaiter().GetResult();

    private void Scan(ulong address, int size, int reach)
    {
        if (_mapped is { } mapped)
        {
            ReadOnlySpan<byte> whole = mapped.GetMapped(new PhysicalAddress(address), reach);
            if (whole.Length == reach)
            {
                scanner.Scan(whole, size, address, Matches, maxMatches);
                return;
            }

            // The chunk is in pieces: rare enough to copy it.
            CopyPieces(mapped, address, size, reach);
        }

        foreach ((int offset, int length) in _readable)
        {
            if (offset < size && length >= patternLength)
                scanner.Scan(
                    _buffer.AsSpan(offset, length),
                    size - offset,
                    address + (uint)offset,
                    Matches,
                    maxMatches
                );
        }
    }

    private void Copy(ulong address, int size, int reach)
    {
        Prepare(reach);
        for (int offset = 0; offset < reach; )
        {
            int count = memory.Read(
                new PhysicalAddress(address + (uint)offset),
                _buffer.AsSpan(offset, reach - offset)
            );
            offset = Account(address, offset, count, size, reach);
        }
    }

    private void CopyPieces(IMappedMemory mapped, ulong address, int size, int reach)
    {
        Prepare(reach);
        for (int offset = 0; offset < reach; )
        {
            ReadOnlySpan<byte> piece = mapped.GetMapped(new PhysicalAddress(address + (uint)offset), reach - offset);
            piece.CopyTo(_buffer.AsSpan(offset));
            offset = Account(address, offset, piece.Length, size, reach);
        }
    }

    /// <summary>Notes what was read; where nothing was, goes on at the next page.</summary>
    private int Account(ulong address, int offset, int count, int size, int reach)
    {
        if (count == 0)
        {
            int next = (int)Math.Min((ulong)reach, (uint)offset + PageSize - ((address + (uint)offset) % PageSize));
            Unreadable += (uint)Math.Max(0, Math.Min(next, size) - offset);
            return next;
        }

        if (_readable.Count > 0 && _readable[^1].Offset + _readable[^1].Size == offset)
            _readable[^1] = (_readable[^1].Offset, _readable[^1].Size + count);
        else
            _readable.Add((offset, count));

        return offset + count;
    }

    private void Prepare(int reach)
    {
        _readable.Clear();
        if (_buffer.Length < reach)
            _buffer = GC.AllocateUninitializedArray<byte>(reach + PageSize);
    }
}
