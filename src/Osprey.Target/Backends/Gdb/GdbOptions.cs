using Osprey.Rsp.Client;

namespace Osprey.Target.Backends.Gdb;

/// <summary>How to reach a guest through a gdb stub.</summary>
public sealed record GdbOptions
{
    /// <summary>The usual.</summary>
    public static GdbOptions Default { get; } = new();

    /// <summary>
    /// Whether the guest ran before, if that is known from elsewhere, as from QMP's query-status. Null: found out as
    /// far as the stub tells.
    /// </summary>
    public bool? WasRunning { get; init; }

    /// <summary>How patient to be.</summary>
    public RspOptions Protocol { get; init; } = RspOptions.Default;

    /// <summary>Where to write the conversation down; null for nowhere.</summary>
    public RspTranscript? Transcript { get; init; }
}
