namespace Osprey.Traces.Analyses;

/// <summary>The distinct return addresses of many backtraces. As large as the traced code, not as the trace.</summary>
public sealed class ReturnAddressSet
{
    private const int RecentCount = 4096;

    private readonly HashSet<ulong> _addresses = [];
    private readonly ulong[] _recent = new ulong[RecentCount];

    /// <summary>The number of addresses.</summary>
    public int Count => _addresses.Count;

    /// <summary>All of them, in no order.</summary>
    public IReadOnlyCollection<ulong> All => _addresses;

    /// <summary>Adds the addresses of a backtrace.</summary>
    public void Add(ReadOnlySpan<ulong> backtrace)
    {
        foreach (ulong address in backtrace)
        {
            ref ulong recent = ref _recent[(int)((address ^ (address >> 12)) % RecentCount)];
            if (recent == address)
                continue;

            recent = address;
            _addresses.Add(address);
        }
    }

    /// <summary>Tells whether an address is among them.</summary>
    public bool Contains(ulong address) => _addresses.Contains(address);
}
