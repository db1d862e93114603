namespace Osprey.Rest.Connection;

/// <summary>
/// The largest replies that are accepted from a guest. A larger one is malformed; real guests send far less.
/// </summary>
public sealed record GuestRestLimits
{
    /// <summary>The limits that apply unless others are given.</summary>
    public static GuestRestLimits Default { get; } = new();

    /// <summary>The largest list of tracepoints or counters, in bytes. OSv sends less than 60 kB.</summary>
    public int MaxListReply
    {
        get;
        init => field = RequirePositive(value);
    } = 64 << 20;

    /// <summary>The largest other reply, in bytes: one tracepoint, a version, an error.</summary>
    public int MaxReply
    {
        get;
        init => field = RequirePositive(value);
    } = 1 << 20;

    /// <summary>The largest dump that is written to a file, in bytes.</summary>
    public long MaxDump
    {
        get;
        init => field = RequirePositive(value);
    } = 1L << 40;

    private static int RequirePositive(int value) => (int)RequirePositive((long)value);

    private static long RequirePositive(long value) =>
        value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value));
}
