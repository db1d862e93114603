namespace Osprey.Rsp.Server;

/// <summary>One thing that a debugger sent.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Payload">The packet's bytes, decoded; empty for other kinds.</param>
public readonly record struct RspRequest(RspRequestKind Kind, byte[] Payload);
