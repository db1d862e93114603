namespace Osprey.Traces.Semantics;

/// <summary>The arguments of a tracepoint for changes of a TCP connection's state, by index.</summary>
/// <param name="Connection">The address of the connection.</param>
/// <param name="From">The state before, a number of <see cref="Osprey.Packets.Transport.TcpStates"/>.</param>
/// <param name="To">The state from now on.</param>
public sealed record TcpStateArguments(int Connection, int From, int To);
