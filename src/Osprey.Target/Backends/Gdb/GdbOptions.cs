using Osprey.Rsp.Client;
using Osprey.Target.Execution;
using Osprey.Target.Memory;

namespace Osprey.Target.Backends.Gdb;

/// <summary>Options for reaching a guest through a gdb stub.</summary>
public sealed record GdbOptions
{
    /// <summary>The usual.</summary>
    public static GdbOptions Default { get; } = new();

    /// <summary>
    /// Tells whether the guest ran before, if that is known from elsewhere, as from QMP's query-status. Null: found out
    /// as far as the stub tells.
    /// </summary>
    public bool? WasRunning { get; init; }

    /// <summary>The things that the user allowed beyond reading.</summary>
    public TargetPermissions Permissions { get; init; }

    /// <summary>The protocol's limits of time and size.</summary>
    public RspOptions Protocol { get; init; } = RspOptions.Default;

    /// <summary>
    /// The count of the guest's runs, where its memory is read in another way as well; null for one of its own.
    /// </summary>
    public StopGeneration? Generation { get; init; }

    /// <summary>
    /// The guest's physical memory, where it is read in another way as well that costs less; null where it is not.
    /// </summary>
    public IPhysicalMemory? Memory { get; init; }

    /// <summary>
    /// Told of each breakpoint before it is inserted (true) and when it is out (false); null for nobody.
    /// </summary>
    public Action<Breakpoint, bool>? NoteBreakpoint { get; init; }

    /// <summary>The transcript to write the conversation to; null for none.</summary>
    public RspTranscript? Transcript { get; init; }
}
