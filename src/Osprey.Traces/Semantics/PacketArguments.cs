using Osprey.Packets;

namespace Osprey.Traces.Semantics;

/// <summary>The arguments of a tracepoint for packets, by index.</summary>
/// <param name="Direction">The way that the packets go; null when they only move on inside the system.</param>
/// <param name="Protocol">The packet's protocol, a number of <see cref="PacketProtocol"/>.</param>
/// <param name="Content">The bytes that were captured.</param>
public sealed record PacketArguments(PacketDirection? Direction, int Protocol, int Content);
