using System.Globalization;
using System.Text.RegularExpressions;

namespace Osprey.Probes.Tracing.Uprobes;

/// <summary>An event of the kernel: its number, and where in a record its fields are.</summary>
/// <param name="Id">The number that records begin with.</param>
/// <param name="Fields">The fields by name.</param>
internal sealed partial record UprobeFormat(int Id, IReadOnlyDictionary<string, (int Offset, int Size)> Fields)
{
    /// <summary>Reads the kernel's description of an event.</summary>
    public static UprobeFormat Read(int id, string text)
    {
        var fields = new Dictionary<string, (int, int)>();
        foreach (Match match in Field().Matches(text))
            fields[match.Groups[1].Value] = (
                int.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture),
                int.Parse(match.Groups[3].ValueSpan, CultureInfo.InvariantCulture)
            );

        return new UprobeFormat(id, fields);
    }

    [GeneratedRegex(@"field:[^;]*?(\w+)(?:\[\])?;\s*offset:(\d{1,6});\s*size:(\d{1,6});")]
    private static partial Regex Field();
}
