using Osprey.Session.Guests;
using Osprey.Symbols.Types;
using Osprey.Values;
using Osprey.Values.Expressions;
using Osprey.Values.Printing;

namespace Osprey.Session.Answers.Guests;

/// <summary>The answer to: what is the value of an expression?</summary>
/// <param name="Access">The state that the guest is read in, as one word.</param>
/// <param name="Value">The value.</param>
/// <param name="Options">How much of it is shown.</param>
public sealed record ValueAnswer(string Access, Value Value, ValueTextOptions Options)
{
    /// <summary>The columns.</summary>
    public static Shape<ValueAnswer> Shape { get; } =
        new Shape<ValueAnswer>("values")
            .Text("access", answer => answer.Access)
            .Text("type", answer => TypeNames.Spell(answer.Value.Type))
            .Address("address", answer => answer.Value.Address)
            .Value("value", answer => new GuestValue(answer.Value, answer.Options));

    /// <summary>Asks a guest.</summary>
    /// <param name="session">The guest.</param>
    /// <param name="text">The expression.</param>
    /// <param name="frame">The frame of the selected vCPU's stack that it is computed in; null for none.</param>
    /// <param name="options">How much of the value is shown.</param>
    /// <exception cref="ExpressionException">It can't be computed.</exception>
    public static ValueAnswer Ask(GuestSession session, string text, int? frame, ValueTextOptions options) =>
        new(
            session.AccessWord,
            frame is int number ? session.Selected.ReadFrame(number).Evaluate(text) : session.Selected.Evaluate(text),
            options
        );
}
