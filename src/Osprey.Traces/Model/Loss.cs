namespace Osprey.Traces.Model;

/// <summary>The amount that was lost in one way.</summary>
/// <param name="Kind">The way.</param>
/// <param name="Amount">The number of bytes, samples, pairs or whatever the kind counts.</param>
public readonly record struct Loss(LossKind Kind, long Amount)
{
    /// <summary>The weight of the loss.</summary>
    public LossSeverity Severity => Kind.Severity;

    /// <summary>The place at which it happened.</summary>
    public LossSource Source => Kind.Source;
}
