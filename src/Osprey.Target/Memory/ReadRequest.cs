namespace Osprey.Target.Memory;

/// <summary>One of many reads that are wanted together.</summary>
/// <param name="Address">Where it starts.</param>
/// <param name="Size">Bytes wanted.</param>
public readonly record struct ReadRequest(ulong Address, int Size);
