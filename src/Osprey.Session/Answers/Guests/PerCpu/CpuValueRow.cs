using System.Globalization;
using Osprey.Guests;
using Osprey.Guests.PerCpu;
using Osprey.Session.Guests;
using Osprey.Symbols.Types;
using Osprey.Target;
using Osprey.Values;
using Osprey.Values.Expressions;
using Osprey.Values.Printing;

namespace Osprey.Session.Answers.Guests.PerCpu;

/// <summary>The value of a per-CPU variable, or of a part of it, on one CPU.</summary>
/// <param name="Cpu">The CPU, by the system's number.</param>
/// <param name="Value">The value.</param>
public sealed record CpuValueRow(int Cpu, Value Value)
{
    /// <summary>The columns.</summary>
    public static Shape<CpuValueRow> Shape { get; } =
        new Shape<CpuValueRow>("values")
            .Integer("cpu", row => row.Cpu)
            .Text("type", row => TypeNames.Spell(row.Value.Type))
            .OnlyInData()
            .Address("address", row => row.Value.Address)
            .Value("value", row => new GuestValue(row.Value, ValueTextOptions.Default));

    /// <summary>Reads the values.</summary>
    /// <param name="session">The guest.</param>
    /// <param name="variable">The variable, or an expression that leads to it.</param>
    /// <param name="fields">Names of members and positions in arrays that lead to a part of it.</param>
    /// <param name="context">The wish to end early.</param>
    /// <exception cref="TargetException">It is no per-CPU variable, or has no such part.</exception>
    public static GuestList<CpuValueRow> Ask(
        GuestSession session,
        string variable,
        IReadOnlyList<string> fields,
        QuestionContext context
    )
    {
        var reader = session.RequireAbility<IGuestPerCpu>("it has no per-CPU variables that are known here");
        Value declared;
        try
        {
            declared = session.Selected.Evaluate(variable);
        }
        catch (ExpressionException exception)
        {
            throw new TargetException(TargetProblem.NoSuchVariable, $"'{variable}': {exception.Message}");
        }

        GuestList<GuestCpuValue> values = reader.ReadPerCpu(session.Kernel, declared, context.Cancellation);
        return new GuestList<CpuValueRow>(
            [.. values.Items.Select(item => new CpuValueRow(item.Cpu, Descend(item.Value, fields)))],
            values.Defects
        );
    }

    private static Value Descend(Value value, IReadOnlyList<string> fields)
    {
        foreach (string field in fields)
        {
            Value? part = int.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out int position)
                ? value.Index(position) ?? value.Elements().ElementAtOrDefault(position)
                : value.Member(field);
            value =
                part
                ?? throw new TargetException(
                    TargetProblem.NoSuchVariable,
                    value.Type is null
                        ? $"the variable's type is not known, so that there is no {field}; say the type, as in "
                            + "'*(struct rq *)&runqueues'"
                        : $"{TypeNames.Spell(value.Type)} has no "
                            + $"{(position > 0 || field == "0" ? "element" : "member")} {field}"
                );
        }

        return value;
    }
}
