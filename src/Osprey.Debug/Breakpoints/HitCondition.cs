using System.Globalization;

namespace Osprey.Debug.Breakpoints;

/// <summary>A condition on how often a breakpoint was hit, such as <c>5</c>, <c>&gt;= 5</c> or <c>% 3</c>.</summary>
public sealed class HitCondition
{
    private static readonly string[] s_operators = ["==", ">=", "<=", ">", "<", "%", "="];

    private readonly string _operator;
    private readonly long _number;

    private HitCondition(string @operator, long number) => (_operator, _number) = (@operator, number);

    /// <summary>Lets all hits count but the first ones.</summary>
    /// <param name="ignored">How many do not count.</param>
    public static HitCondition After(long ignored) => new(">", ignored);

    /// <summary>
    /// Reads a condition: a number (that hit alone), one after ==, &gt;, &gt;=, &lt;, &lt;=, or after % (each so many
    /// hits).
    /// </summary>
    /// <exception cref="FormatException">It is none of these.</exception>
    public static HitCondition Parse(string text)
    {
        string trimmed = text.Trim();
        string found = s_operators.FirstOrDefault(one => trimmed.StartsWith(one, StringComparison.Ordinal)) ?? "";
        return
            long.TryParse(
                trimmed[found.Length..].Trim(),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out long number
            ) && (number > 0 || found is ">" or ">=")
            ? new HitCondition(found is "" or "=" ? "==" : found, number)
            : throw new FormatException($"'{text}' is no number of hits; expected one such as 5, >=5 or %3");
    }

    /// <summary>True when the hit of a number, from 1, counts.</summary>
    public bool IsMet(long hit) =>
        _operator switch
        {
            ">" => hit > _number,
            ">=" => hit >= _number,
            "<" => hit < _number,
            "<=" => hit <= _number,
            "%" => hit % _number == 0,
            _ => hit == _number,
        };

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{_operator} {_number}");
}
