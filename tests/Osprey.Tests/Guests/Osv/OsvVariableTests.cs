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
    private static IEnumerable<string[]> Rows =>
        File.ReadLines(Path.Combine(OsvGdb.Programs, "kernel.expressions"))
            .Where(line => !line.StartsWith('#'))
            .Select(line => line.Split('\t'));

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
            if (
                !Regex.IsMatch(text, $"^(?:{row[1]})", RegexOptions.Singleline)
                || text.StartsWith("error", StringComparison.Ordinal)
            )
                failures.Append($"{row[0]}: {text[..Math.Min(text.Length, 200)]}\n");
        }

        output.WriteLine($"{count} expressions");
        Assert.True(failures.Length == 0, failures.ToString());
    }

    [OsvBuildFact("qemu-system-x86_64")]
    public void Kernel_NamedByNobody_IsFoundBesideTheOneThatWasBooted()
    {
        foreach (string target in (string[])[$"{fixture.Guest.ProcessId}", $"gdb:unix:{fixture.Guest.GdbSocket}"])
        {
            CommandRun run = CommandRun.Of("print", "sched::cpus", "--target", target, "--no-cache");
            Assert.Equal((target, 0), (target, run.ExitCode));
            Assert.StartsWith("std::vector of length ", run.Text, StringComparison.Ordinal);
            Assert.Contains(
                "beside QEMU's -kernel, same as in memory",
                CommandRun.Of("info", "--target", target).Text,
                StringComparison.Ordinal
            );
        }
    }

    [OsvBuildFact("qemu-system-x86_64")]
    public void Print_OfContainers_IsWhatTheSessionGives()
    {
        string[] expressions =
        [
            .. Rows.Where(row => row[1] is not ".+" && !row[0].StartsWith("sizeof", StringComparison.Ordinal))
                .Select(row => row[0]),
        ];
        string[] expected;

        // QEMU takes one client at a socket; the commands need it for registers.
        using (GuestSession session = fixture.Open())
            expected = [.. expressions.Select(expression => Print(session, expression) + "\n")];

        OsvCommandLine commands = OsvCommandLine.Live(fixture.Guest);
        for (int i = 0; i < expressions.Length; i++)
        {
            CommandRun run = commands.Run("print", expressions[i]);
            Assert.Equal((expressions[i], 0, expected[i]), (expressions[i], run.ExitCode, run.Text));
        }

        // What the assembler and the linker make has no type; it has a name.
        foreach (
            string symbol in (string[])
                [
                    "tcb0",
                    "ident_pt_l4",
                    "text_start",
                    "text_end",
                    "_percpu_start",
                    "_percpu_end",
                    ".edata",
                    "smp_processors",
                ]
        )
            Assert.Equal((symbol, 0), (symbol, commands.Run("read", symbol, "16").ExitCode));
    }

    private static string Print(GuestSession session, string expression)
    {
        try
        {
            Value value = session.Selected.Evaluate(expression);
            return value.Follow().Problem is { } problem ? $"error: {problem.Message}" : ValueText.Format(value);
        }
        catch (ExpressionException exception)
        {
            return $"error: {exception.Message}";
        }
    }
}
