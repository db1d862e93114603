namespace Osprey.Rest.Connection;

/// <summary>
/// Bounds on what a guest may answer; beyond them a reply is malformed. Far over what real guests send.
/// </summary>
public sealed record GuestRestLimits
{
    /// <summary>The limits used where no others are given.</summary>
    public static GuestRestLimits Default { get; } = new();

    /// <summary>Largest list of tracepoints or counters in bytes. OSv's own is under 60 kB.</summary>
    public int MaxListReply
    {
        get;
        init => field = RequirePositive(value);
    } = 64 << 20;

    /// <summary>Largest other reply in bytes: one tracepoint, a version, an error.</summary>
    public int MaxReply
    {
        get;
        init => field = RequirePositive(value);
    } = 1 << 20;

    /// <summary>Largest dump in bytes that is written to a file.</summary>
    public long MaxDump
    {
        get;
        init => field = RequirePositive(value);
    } = 1L << 40;

    private static int RequirePositive(int value) => (int)RequirePositive((long)value);

    private static long RequirePositive(long value) =>
        value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value));
}
