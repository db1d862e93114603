using System.Text.RegularExpressions;
using Osprey.Traces.Model;

namespace Osprey.Traces.Formatting;

/// <summary>
/// Names a tracepoint's arguments, for columns and fields: by its format where that says <c>name=%d</c>, else
/// <c>arg1</c> and on.
/// </summary>
public static partial class ArgumentNames
{
    /// <summary>The names, in the order of the arguments; no two are alike, whatever their case.</summary>
    public static string[] Of(Tracepoint tracepoint)
    {
        int count = tracepoint.Layout?.Fields.Length ?? 0;
        string[] before = tracepoint.Format.Replace("%%", "", StringComparison.Ordinal).Split('%');
        bool isInStep = before.Length == count + 1;
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "sample" };
        string[] names = new string[count];
        for (int i = 0; i < count; i++)
        {
            Match match = isInStep ? Label().Match(before[i]) : Match.Empty;
            string name = match.Success ? match.Groups[1].Value : $"arg{i + 1}";
            for (int number = i + 1; !taken.Add(name); number++)
                name = $"arg{number}";

            names[i] = name;
        }

        return names;
    }

    [GeneratedRegex("([A-Za-z_][A-Za-z_0-9]{0,62})\\s*[=:]\\s*\"?(0x|0)?$")]
    private static partial Regex Label();
}
