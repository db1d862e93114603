namespace Osprey.Rsp.Client;

/// <summary>How patient a client is, and how much it takes from a stub.</summary>
public sealed record RspOptions
{
    /// <summary>The usual.</summary>
    public static RspOptions Default { get; } = new();

    /// <summary>How long a stub may be silent while a reply is due.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a stub must be silent to have nothing more to say, when a conversation has to be put in order.
    /// </summary>
    public TimeSpan QuietTime { get; init; } = TimeSpan.FromMilliseconds(150);

    /// <summary>How often a packet is sent, or asked for, again before it is given up.</summary>
    public int Retries { get; init; } = 3;

    /// <summary>The longest packet that is taken from a stub, in bytes of its body.</summary>
    public int MaxPacketSize { get; init; } = 1 << 20;

    /// <summary>The most that a monitor command may print, or a stub's document be long, in bytes.</summary>
    public int MaxText { get; init; } = 16 << 20;

    /// <summary>
    /// How many memory requests are on the way at once; 1 waits for each reply. A stub stops reading while nobody reads
    /// what it writes: all requests on the way must fit into the buffers of the connection.
    /// </summary>
    public int Window { get; init; } = 64;
}
