using System.Globalization;
using System.Text.RegularExpressions;

namespace Osprey.Debug.Breakpoints;

/// <summary>The thing in a guest that a breakpoint stands for.</summary>
public abstract partial record BreakpointLocation
{
    private BreakpointLocation() { }

    /// <summary>
    /// Reads a place in code as users write it: a function, <c>FILE:LINE</c>, or an address (<c>0x1000</c>,
    /// <c>function+0x10</c>, <c>*EXPRESSION</c>).
    /// </summary>
    /// <exception cref="FormatException">It is none of these.</exception>
    public static BreakpointLocation Parse(string text)
    {
        string trimmed = text.Trim();
        if (trimmed.Length == 0)
            throw new FormatException("expected a function, FILE:LINE or *ADDRESS");

        if (trimmed[0] == '*')
            return new Address(trimmed[1..]);

        if (FileLine().Match(trimmed) is { Success: true } match)
        {
            return
                int.TryParse(match.Groups[2].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out int line)
                && line > 0
                ? new Line(match.Groups[1].Value, line)
                : throw new FormatException($"'{trimmed}': lines are numbered from 1");
        }

        return char.IsAsciiDigit(trimmed[0]) || Offset().IsMatch(trimmed)
            ? new Address(trimmed)
            : new Function(trimmed);
    }

    [GeneratedRegex(@"^(.*[^:]):(\d+)$", RegexOptions.CultureInvariant)]
    private static partial Regex FileLine();

    [GeneratedRegex(@"\+\s*(0[xX][0-9a-fA-F]+|\d+)$", RegexOptions.CultureInvariant)]
    private static partial Regex Offset();

    /// <summary>A function: its beginning, and that of each copy that was inlined into others.</summary>
    /// <param name="Name">Its name, with or without parameters; <c>FILE`NAME</c> is that of one program.</param>
    public sealed record Function(string Name) : BreakpointLocation
    {
        /// <inheritdoc/>
        public override string ToString() => Name;
    }

    /// <summary>A line of a source file.</summary>
    /// <param name="File">The file: the end of its path.</param>
    /// <param name="Number">The line, from 1.</param>
    public sealed record Line(string File, int Number) : BreakpointLocation
    {
        /// <inheritdoc/>
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{File}:{Number}");
    }

    /// <summary>An instruction.</summary>
    /// <param name="Expression">Its address: a number, a symbol with a distance, or an expression.</param>
    public sealed record Address(string Expression) : BreakpointLocation
    {
        /// <inheritdoc/>
        public override string ToString() => $"*{Expression}";
    }

    /// <summary>Bytes of memory that are watched.</summary>
    /// <param name="Expression">An expression for an object in memory, or an address.</param>
    /// <param name="Size">How many bytes; null for the size of the object.</param>
    public sealed record Data(string Expression, int? Size = null) : BreakpointLocation
    {
        /// <inheritdoc/>
        public override string ToString() => Expression;
    }
}
