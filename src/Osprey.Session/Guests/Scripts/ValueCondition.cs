using Osprey.Target;
using Osprey.Values;
using Osprey.Values.Expressions;

namespace Osprey.Session.Guests.Scripts;

/// <summary>A condition on a guest: an expression of its variables is not 0.</summary>
/// <param name="Expression">The expression.</param>
public sealed record ValueCondition(string Expression) : GuestCondition
{
    /// <inheritdoc/>
    public override bool Holds(GuestSession session, CancellationToken cancellation)
    {
        session.RefreshContexts();
        try
        {
            Value value = session.Vcpu.Evaluate($"!({Expression})");
            return value.TryGetInt64(out long isFalse)
                ? isFalse == 0
                : throw new TargetException($"{this}: {value.Problem?.Message ?? "it is no number"}");
        }
        catch (ExpressionException failed)
        {
            throw new TargetException($"{this}: {failed.Message}");
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"value {Expression}";
}
