using System.Text.Json;
using Osprey.Tests.Guests;

namespace Osprey.Tests.Cli.Guest;

/// <summary>Runs commands over one guest, by one way to it.</summary>
/// <param name="guest">The guest.</param>
/// <param name="target">What <c>--target</c> gets.</param>
internal sealed class GuestCommandLine(LinuxGuest guest, string target)
{
    /// <summary>By the process.</summary>
    public GuestCommandLine(LinuxGuest guest)
        : this(guest, guest.ProcessId.ToString()) { }

    /// <summary>Every command of this layer that looks into a guest, by its name.</summary>
    public IEnumerable<(string Name, string[] Arguments)> All(string core)
    {
        string text = $"0x{guest.Report.FindSymbol("_text").Address:x}";
        yield return ("info", []);
        yield return ("read", ["pattern", "0x1000"]);
        yield return ("read", ["--phys", "0", "0x200000", "--raw"]);
        yield return ("print", ["probe"]);
        yield return ("print", ["*list", "--json"]);
        yield return ("print", ["thread_value", "--cpu", "1"]);
        yield return ("print", ["$rsp", "--frame", "0"]);
        yield return ("type", ["struct worker"]);
        yield return ("symbol", ["spin"]);
        yield return ("list", ["spin"]);
        yield return ("disassemble", ["spin"]);
        yield return ("registers", []);
        yield return ("bt", []);
        yield return ("bt", ["--locals"]);
        yield return ("bt", ["--registers", "workers[0].saved"]);
        yield return ("pagetable", [text]);
        yield return ("pagetable", ["--map"]);
        yield return ("search", ["--text", "osprey's probe"]);
        yield return ("dump", [core, "--force"]);
    }

    /// <summary>Whether a command needs the guest to stand still.</summary>
    public static bool Pauses((string Name, string[] Arguments) command) =>
        command.Name is "registers" or "dump"
        || (command.Name == "bt" && !command.Arguments.Contains("--registers"))
        || command.Arguments.Contains("--frame");

    /// <summary>Runs a command; of the guest's programs, init is named.</summary>
    public CommandRun Run(string name, params string[] arguments) =>
        CommandRun.Of([
            name,
            .. arguments,
            "--target",
            target,
            "--no-cache",
            "--module",
            $"{LinuxGuestImage.Init}@0x0",
        ]);

    /// <summary>Runs a command that must succeed, and reads its JSON.</summary>
    public JsonElement Json(string name, params string[] arguments)
    {
        CommandRun run = Run(name, [.. arguments, "--json"]);
        Assert.Equal((0, name), (run.ExitCode, run.ExitCode == 0 ? name : run.Messages));
        return JsonDocument.Parse(run.Text).RootElement;
    }
}
