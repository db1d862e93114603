using Osprey.Target.Architectures;

namespace Osprey.Unwind;

/// <summary>A stack that was made up.</summary>
/// <param name="Start">Address of its first byte.</param>
/// <param name="Bytes">The stack's content.</param>
/// <param name="Registers">The registers of its innermost frame.</param>
/// <param name="LastReturnAddress">The address of its outermost frame.</param>
internal sealed record MadeStack(ulong Start, byte[] Bytes, RegisterSet Registers, ulong LastReturnAddress);
