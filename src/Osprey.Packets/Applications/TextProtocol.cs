namespace Osprey.Packets.Applications;

/// <summary>A protocol whose messages start with a line of text.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Commands">
/// The first words of its requests; null when every segment is taken to begin with a line.
/// </param>
internal sealed record TextProtocol(string Name, string[]? Commands);
