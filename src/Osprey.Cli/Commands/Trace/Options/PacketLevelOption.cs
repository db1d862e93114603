using System.CommandLine;
using Osprey.Traces.Network;

namespace Osprey.Cli.Commands.Trace.Options;

/// <summary>The option that shows a packet at each level at which the guest recorded it.</summary>
internal sealed class PacketLevelOption
{
    private readonly Option<bool> _allLevels = new("--all-levels")
    {
        Description = "Show a received packet at each level at which it was recorded: Ethernet, then IP or ARP",
    };

    public PacketLevelOption(Command command) => command.Options.Add(_allLevels);

    public PacketChoice Read(ParseResult result) =>
        result.GetValue(_allLevels) ? PacketChoice.AllLevels : PacketChoice.OnePerPacket;

    public bool IsGiven(ParseResult result) => result.GetValue(_allLevels);
}
