using System.Globalization;
using Osprey.Cli.Commands.Guest;
using Osprey.Tests.Recordings;

namespace Osprey.Tests.Cli.Guest;

/// <summary>Commands within a debugger's console have an end.</summary>
public sealed class ConsoleCommandsTests
{
    private static readonly string s_sample = Path.Combine(Checkout.Root, "samples", "alloc", "tracefile");

    [Fact]
    public void Output_OfMoreThanAConsoleTakes_IsCutAndSaidToBe()
    {
        string text = ConsoleCommands.Run(["trace", "list", "--json", "--backtrace", s_sample], CancellationToken.None);
        Assert.EndsWith(
            "\nosprey: cut after 4 MiB: more than a debugger's console takes\n",
            text,
            StringComparison.Ordinal
        );
        Assert.InRange(text.Length, 4 << 20, (4 << 20) + 1000);
    }

    [Fact]
    public void Command_ThatNobodyWantsAnyMore_Ends()
    {
        using var left = new CancellationTokenSource();
        left.Cancel();
        string text = ConsoleCommands.Run(
            ["watch", "trace", "summary", s_sample, "--interval", 3600.ToString(CultureInfo.InvariantCulture)],
            left.Token
        );
        Assert.EndsWith("osprey: ended early\n", text, StringComparison.Ordinal);
    }
}
