using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Traces.Text;

/// <summary>Asks Python, whose formatting the reference uses.</summary>
internal static class PythonOracle
{
    /// <summary>Evaluates an expression for each line of input.</summary>
    /// <param name="expression">
    /// A Python expression of <c>line</c>, a string; functions may be defined in <paramref name="prelude"/>.
    /// </param>
    /// <param name="lines">The inputs.</param>
    /// <param name="prelude">Statements run once before.</param>
    /// <returns>One line of output for each input; a failure is its exception's name in angle brackets.</returns>
    public static string[] Evaluate(string expression, IReadOnlyCollection<string> lines, string prelude = "")
    {
        string script = $"""
            import sys
            from fractions import Fraction
            sys.stdin.reconfigure(encoding='utf-8')
            sys.stdout.reconfigure(encoding='utf-8')
            {prelude}
            for line in sys.stdin:
                line = line[:-1]
                try:
                    print({expression})
                except Exception as e:
                    print('<' + type(e).__name__ + '>')
            """;
        string output = Tools.Run("python3", ["-c", script], string.Concat(lines.Select(line => line + "\n")));
        string[] results = output.Split('\n');
        Assert.Equal(lines.Count + 1, results.Length);
        return results[..^1];
    }
}
