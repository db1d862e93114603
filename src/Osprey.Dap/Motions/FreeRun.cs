using Osprey.Debug;

namespace Osprey.Dap.Motions;

/// <summary>The guest runs until something stops it.</summary>
internal sealed class FreeRun(DebugSession session) : Motion
{
    /// <inheritdoc/>
    public override DebugStop? Start()
    {
        session.Resume();
        return null;
    }

    /// <inheritdoc/>
    public override DebugStop? Poll(TimeSpan slice) => session.WaitForStop(slice);

    /// <inheritdoc/>
    public override DebugStop? Judge(DebugStop stop) => stop;
}
