using System.Text;
using System.Text.RegularExpressions;
using Osprey.Session.Guests;
using Osprey.Tests.Cli;
using Osprey.Tests.Symbols.Oracle;
using Osprey.Values;
using Osprey.Values.Expressions;
using Osprey.Values.Printing;
using Xunit.Abstractions;

namespace Osprey.Tests.Guests.Osv;

/// <summary>Whatever matters of OSv's kernel to those who look into it can be printed.</summary>
[Collection(OsvGuestCollection.Name)]
[Trait("Category", "Slow")]
public sealed class OsvVariableTests(OsvGuestFixture fixture, ITestOutputHelper output)
{
    private static IEnumerable<string[]> Rows => File.ReadLines(Path.Combine(OsvGdb.Programs, "kernel.expressions"))
        .Where(line => !line.StartsWith('#')).Select(line => line.Split('\t'));

    [OsvBuildFact("qemu-system-x86_64")]
    public void Variables_ThatMatter_ArePrinted()
    {
        using GuestSession session = fixture.Open();
        var failures = new StringBuilder();
        int count = 0;
        foreach (string[] row in Rows)
        {
            count++;
            string text = Print(session, row[0]);
            if (!Regex.IsMatch(text, $"^(?:{row[1]})", RegexOptions.Singleline) || text.StartsWith("error", StringComparison.Ordinal) || text.Contains("<error", StringComparison.Ordinal))
                failures.Append($"{row[0]}: {text[..Math.Min(text.Length, 200)]}\n");
        }

        output.WriteLine($"{count} expressions");
        Assert.True(failures.Length == 0, failures.ToString());
    }

    [OsvBuildFact("qemu-system-x86_64")]
    public void Print_OfContainers_IsWhatTheSessionGives()
    {
        using GuestSession session = fixture.Open();
        OsvCommandLine commands = OsvCommandLine.Live(fixture.Guest);
        foreach (string[] row in Rows.Where(row => row[1] is not ".+" && !row[0].StartsWith("sizeof", StringComparison.Ordinal)))
        {
            CommandRun run = commands.Run("print", row[0]);
            Assert.Equal((row[0], 0, Print(session, row[0]) + "\n"), (row[0], run.ExitCode, run.Text));
        }
    }

    private static string Print(GuestSession session, string expression)
    {
        try
        {
            Value value = session.Evaluate(expression);
            return value.Follow().Problem is { } problem ? $"error: {problem.Message}" : ValueText.Format(value);
        }
        catch (ExpressionException exception)
        {
            return $"error: {exception.Message}";
        }
    }
}
