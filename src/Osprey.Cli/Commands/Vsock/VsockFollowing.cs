using Osprey.Packets.Vsock;
using Osprey.Session.Answers.Vsock;

namespace Osprey.Cli.Commands.Vsock;

/// <summary>The data that is to be shown.</summary>
/// <param name="Choice">The connections.</param>
/// <param name="Sender">The end that sent it; null for both.</param>
internal sealed record VsockFollowing(VsockConnectionChoice Choice, VsockEndpoint? Sender);
