using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Variables;
using Osprey.Values;
using Osprey.Values.Printing;

namespace Osprey.Session.Answers.Guests.Cpus;

/// <summary>A parameter or local variable of a frame.</summary>
/// <param name="Variable">The variable.</param>
/// <param name="Value">Its value.</param>
public sealed record StackVariable(DebugVariable Variable, Value Value)
{
    // A stack is to be looked over at once; all of a variable is shown when it is asked for by name.
    private static readonly ValueTextOptions s_short = ValueTextOptions.Default with
    {
        MaxDepth = 1,
        MaxElements = 20,
        StaticMembers = false,
    };

    /// <summary>The columns.</summary>
    internal static Shape<StackVariable> Shape { get; } =
        new Shape<StackVariable>("variables")
            .Text("name", row => row.Variable.Name)
            .Text("type", row => TypeNames.Spell(row.Variable.Type))
            .Boolean("parameter", row => row.Variable.IsParameter)
            .Value("value", row => row.Shown);

    /// <summary>The value as it is shown: in short.</summary>
    public GuestValue Shown => new(Value, s_short);
}
