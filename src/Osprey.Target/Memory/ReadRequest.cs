namespace Osprey.Target.Memory;

/// <summary>One of many reads that are wanted together.</summary>
/// <param name="Address">Where it starts.</param>
/// <param name="Size">Bytes wanted.</param>
internal readonly record struct ReadRequest(ulong Address, int Size);
