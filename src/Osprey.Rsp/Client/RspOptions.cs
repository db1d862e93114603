namespace Osprey.Rsp.Client;

/// <summary>The time limits of a client, and the largest sizes that it accepts from a stub.</summary>
public sealed record RspOptions
{
    /// <summary>The default options.</summary>
    public static RspOptions Default { get; } = new();

    /// <summary>The longest silence of a stub while a reply is due.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The silence after which the client assumes that no older reply is on the way any more.
    /// </summary>
    public TimeSpan QuietTime { get; init; } = TimeSpan.FromMilliseconds(150);

    /// <summary>The number of times that a broken packet is sent, or requested, again.</summary>
    public int Retries { get; init; } = 3;

    /// <summary>The longest packet that is accepted from a stub, in bytes of its body.</summary>
    public int MaxPacketSize { get; init; } = 1 << 20;

    /// <summary>The longest output of a monitor command, or document of a stub, in bytes.</summary>
    public int MaxText { get; init; } = 16 << 20;

    /// <summary>
    /// The largest number of memory requests on the way at once; 1 waits for each reply. All of them must fit into the
    /// buffers of the connection, because a stub stops reading while nobody reads what it writes.
    /// </summary>
    public int Window { get; init; } = 64;
}
