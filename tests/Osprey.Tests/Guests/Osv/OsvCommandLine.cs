using System.Text.Json;
using Osprey.Tests.Cli;
using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Guests.Osv;

/// <summary>Runs commands over an OSv guest, by one way to it.</summary>
/// <param name="target">What <c>--target</c> gets.</param>
/// <param name="modules">The guest's programs, as <c>--module</c> takes them.</param>
internal sealed class OsvCommandLine(string target, params IReadOnlyList<string> modules)
{
    /// <summary>By the process.</summary>
    public static OsvCommandLine Live(OsvGuest guest, params IReadOnlyList<string> modules) =>
        new($"{guest.ProcessId}", modules) { Loader = guest.Build.Loader };

    /// <summary>Through the stub.</summary>
    public static OsvCommandLine Stub(OsvGuest guest, params IReadOnlyList<string> modules) =>
        new($"gdb:unix:{guest.GdbSocket}", modules) { Loader = guest.Build.Loader };

    /// <summary>By a core file of the guest.</summary>
    public static OsvCommandLine Core(OsvGuest guest, string core) =>
        new($"core:{core}") { Loader = guest.Build.Loader };

    /// <summary>The guest's kernel with debug info.</summary>
    public string Loader { get; init; } = OsvBuild.Loader;

    /// <summary>Every command of this layer that looks into a guest.</summary>
    /// <param name="core">A core file that may be written.</param>
    public static IEnumerable<string[]> GetAll(string core) =>
        [
            ["info"],
            ["read", "sched::cpus", "0x1000"],
            ["read", "--phys", "0x200000", "0x200000", "--raw"],
            ["print", "sched::thread_map"],
            ["type", "sched::thread"],
            ["symbol", "main_cont"],
            ["list", "main_cont"],
            ["disassemble", "main_cont"],
            ["registers"],
            ["bt"],
            ["bt", "--locals"],
            ["pagetable", "sched::cpus"],
            ["pagetable", "--map"],
            ["search", "--text", "OSv ", "--start", "0x200000", "--end", "0x900000"],
            ["dump", core, "--force"],
        ];

    /// <summary>Runs a command.</summary>
    public CommandRun Run(params IReadOnlyList<string> arguments) =>
        CommandRun.Of([
            .. arguments,
            "--target",
            target,
            "--no-cache",
            "--exe",
            Loader,
            .. modules.SelectMany(module => (string[])["--module", module]),
        ]);

    /// <summary>Runs a command that must succeed, and reads its JSON.</summary>
    public JsonElement Json(params IReadOnlyList<string> arguments)
    {
        CommandRun run = Run([.. arguments, "--json"]);
        Assert.True(run.ExitCode == 0, $"{target}: {string.Join(' ', arguments)}\n{run.Messages}");
        return JsonDocument.Parse(run.Text).RootElement;
    }
}
