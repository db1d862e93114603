using System.Text;
using Osprey.Session.Guests;
using Osprey.Tests.Symbols.Oracle;
using Osprey.Tests.Values;
using Osprey.Values;
using Osprey.Values.Expressions;
using Osprey.Values.Printing;
using Xunit.Abstractions;

namespace Osprey.Tests.Guests.Osv;

/// <summary>Expressions over an OSv guest; gdb says what is right.</summary>
[Collection(OsvGuestCollection.Name)]
[Trait("Category", "Slow")]
public sealed class OsvPrintTests(OsvGuestFixture fixture, ITestOutputHelper output)
{
    [OsvBuildFact("qemu-system-x86_64", "gdb")]
    public void Expressions_OfThePausedGuest_PrintAsGdb()
    {
        var gdb = new OsvGdb(fixture.Guest, File.ReadLines(Path.Combine(OsvGdb.Programs, "osv.expressions")));
        using GuestSession session = fixture.Open();
        var differences = new StringBuilder();
        int values = 0;
        foreach (string[] line in gdb.Printed)
        {
            string ours = Print(session, line[0]);
            values += ours.StartsWith("error", StringComparison.Ordinal) ? 0 : 1;
            if (!GdbText.IsSame(ours, line[1]))
                differences.Append($"{line[0]}\n  gdb:  {line[1]}\n  ours: {ours}\n");
        }

        output.WriteLine($"{gdb.Printed.Count} expressions, of which {values} have values");
        Assert.True(differences.Length == 0, differences.ToString());
        Assert.InRange(values, 100, int.MaxValue);
    }

    private static string Print(GuestSession session, string expression)
    {
        try
        {
            Value value = session.Selected.Evaluate(expression);
            return value.Problem is { Kind: ValueProblemKind.Unreadable } problem
                ? "error: " + problem.Message
                : ValueText.Format(value, new ValueTextOptions { Raw = true, StaticMembers = false });
        }
        catch (ExpressionException e)
        {
            return "error: " + e.Message;
        }
    }
}
