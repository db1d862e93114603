using Osprey.Debug;

namespace Osprey.Dap.Motions;

/// <summary>A thread goes to another line.</summary>
internal sealed class LineStep(SourceStep step) : Motion
{
    /// <inheritdoc/>
    public override DebugStop? Start() => null;

    /// <inheritdoc/>
    public override DebugStop? Poll(TimeSpan slice) => step.Poll(slice);

    /// <inheritdoc/>
    public override DebugStop? Judge(DebugStop stop) => step.Judge(stop);

    /// <inheritdoc/>
    public override void Abandon() => step.Abandon();
}
