namespace Osprey.Traces.Rings;

/// <summary>The sizes that the records of a kernel's rings have.</summary>
/// <param name="PageSize">Size of the pages of a ring that records do not cross; a power of two.</param>
/// <param name="BacktraceLength">The number of return addresses in a record with a backtrace.</param>
public readonly record struct RingLayout(int PageSize, int BacktraceLength)
{
    /// <summary>The sizes that OSv has had since its rings are per CPU.</summary>
    public static RingLayout Osv { get; } = new(4096, 10);
}
