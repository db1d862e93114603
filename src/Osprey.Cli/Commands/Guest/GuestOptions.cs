using System.CommandLine;
using System.Globalization;
using Osprey.Cli.CommandLine;
using Osprey.Session.Guests;

namespace Osprey.Cli.Commands.Guest;

/// <summary>
/// The options that choose a guest, its programs and the form of the answer, for all commands that look into one.
/// </summary>
internal sealed class GuestOptions
{
    private readonly Option<string> _target = new("--target", "-t")
    {
        Description = $"The guest: {TargetSpec.Syntax}; the only one of this host when left out",
        HelpName = "GUEST",
    };
    private readonly Option<string> _exe = new("--exe", "-e")
    {
        Description =
            "The guest's kernel as an ELF file with debug info; found by itself for OSv beside QEMU's -kernel, "
            + "for Linux under /usr/lib/debug",
        HelpName = "PATH",
    };
    private readonly Option<string[]> _modules = new("--module")
    {
        Description =
            "Another program of the guest and where it is loaded (0x0: where it was linked to); may be repeated",
        HelpName = "PATH@BASE",
        AllowMultipleArgumentsPerToken = false,
    };
    private readonly Option<bool> _anyBuild = new("--any-build")
    {
        Description = "Use ELF files although the guest's memory holds something else",
    };
    private readonly Option<bool> _noCache = new("--no-cache")
    {
        Description = "Do not read or write the index of debug info kept on disk",
    };
    private readonly Option<int?> _cpu = new("--cpu")
    {
        Description = "Take the address space (CR3) and registers of this vCPU, from 0",
        HelpName = "N",
    };
    private readonly Option<string> _cr3 = new("--cr3")
    {
        Description = "Take the address space of these page tables instead",
        HelpName = "ADDRESS",
    };
    private readonly Option<bool> _json = new("--json") { Description = "Print JSON instead of text" };

    public GuestOptions(Command command)
    {
        foreach (Option option in new Option[] { _target, _exe, _modules, _anyBuild, _noCache, _cpu, _cr3, _json })
            command.Options.Add(option);
    }

    public bool IsJson(ParseResult result) => result.GetValue(_json);

    /// <summary>The vCPU that was named; null when none was.</summary>
    public int? GetCpu(ParseResult result) => result.GetValue(_cpu);

    public GuestSettings ReadSettings(ParseResult result) =>
        new()
        {
            Target = TargetSpec.Parse(result.GetValue(_target)),
            ExecutablePath = result.GetValue(_exe),
            SearchFolders = BuildFolders.All,
            Modules = result.GetValue(_modules) ?? [],
            AcceptAnyBuild = result.GetValue(_anyBuild),
            NoCache = result.GetValue(_noCache),
            Cpu = result.GetValue(_cpu) is not < 0
                ? result.GetValue(_cpu)
                : throw new UsageException("--cpu counts from 0"),
            PageTableRoot = ParseRoot(result.GetValue(_cr3)),
        };

    private static ulong? ParseRoot(string? text)
    {
        if (text is null)
            return null;

        ReadOnlySpan<char> digits = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text.AsSpan(2) : text;
        return ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong root)
            ? root
            : throw new UsageException($"--cr3: '{text}' is not a hexadecimal address");
    }
}
