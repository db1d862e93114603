using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Session.Probes;

namespace Osprey.Cli.Commands.Probes;

/// <summary>The options that say where the names of arguments come from.</summary>
internal sealed class ProbeNameOptions
{
    private readonly Option<string[]> _tapsets = new("--tapset")
    {
        Description =
            "Take the names of arguments from this SystemTap tapset or folder of them, in place of "
            + "/usr/share/systemtap/tapset; may be repeated",
        HelpName = "PATH",
        AllowMultipleArgumentsPerToken = false,
    };
    private readonly Option<string[]> _events = new("--trace-events")
    {
        Description = "Take the names of QEMU's arguments from this trace-events file, or folder; may be repeated",
        HelpName = "PATH",
        AllowMultipleArgumentsPerToken = false,
    };
    private readonly Option<bool> _noDebugInfo = new("--no-debug-info")
    {
        Description = "Take no names from debug info",
    };

    public ProbeNameOptions(Command command) => command.AddOptions(_tapsets, _events, _noDebugInfo);

    public ProbeNameSettings Read(ParseResult result) =>
        new()
        {
            Tapsets = result.GetValue(_tapsets) ?? [],
            TraceEvents = result.GetValue(_events) ?? [],
            UsesDebugInfo = !result.GetValue(_noDebugInfo),
        };
}
