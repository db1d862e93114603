using System.Text.Json;
using Osprey.Tests.Guests;
using Osprey.Tests.Guests.Report;

namespace Osprey.Tests.Cli.Guest;

/// <summary>Runs commands over one guest, by one way to it.</summary>
/// <param name="guest">The guest.</param>
/// <param name="target">What <c>--target</c> gets.</param>
internal sealed class GuestCommandLine(LinuxGuest guest, string target)
{
    /// <summary>By the process.</summary>
    public GuestCommandLine(LinuxGuest guest)
        : this(guest, guest.ProcessId.ToString())
    {
    }

    /// <summary>Every command of this layer that looks into a guest, by its name.</summary>
    public IEnumerable<(string Name, string[] Arguments)> All(string core)
    {
        GuestReport report = guest.Report;
        string text = $"0x{report.FindSymbol("_text").Address:x}";
        yield return ("info", []);
        yield return ("read", ["pattern", "0x1000"]);
        yield return ("read", ["--phys", "0", "0x200000", "--raw"]);
        yield return ("symbol", ["spin"]);
        yield return ("list", ["spin"]);
        yield return ("disassemble", ["spin"]);
        yield return ("registers", []);
        yield return ("bt", []);
        yield return ("pagetable", [text]);
        yield return ("pagetable", ["--map"]);
        yield return ("search", ["--text", "osprey's probe", "--start", RangeOfProbe.Start, "--end", RangeOfProbe.End]);
        yield return ("dump", [core, "--force"]);
    }

    /// <summary>All RAM, or where the way to it is slow, the page that it is in.</summary>
    private (string Start, string End) RangeOfProbe
    {
        get
        {
            ulong page = guest.Report.Translate(0, guest.Report.Variables.Single(variable => variable.Name == "probe").Address & ~0xfffUL)!.Value.Value;
            return target.StartsWith("gdb:", StringComparison.Ordinal) ? ($"0x{page:x}", $"0x{page + 4096:x}") : ("0", "0x10000000");
        }
    }

    /// <summary>Runs a command; of the guest's programs, init is named.</summary>
    public CommandRun Run(string name, params string[] arguments) =>
        CommandRun.Of([name, .. arguments, "--target", target, "--no-cache", "--module", $"{LinuxGuestImage.Init}@0x0"]);

    /// <summary>Runs a command that must succeed, and reads its JSON.</summary>
    public JsonElement Json(string name, params string[] arguments)
    {
        CommandRun run = Run(name, [.. arguments, "--json"]);
        Assert.Equal((0, name), (run.ExitCode, run.ExitCode == 0 ? name : run.Messages));
        return JsonDocument.Parse(run.Text).RootElement;
    }
}
