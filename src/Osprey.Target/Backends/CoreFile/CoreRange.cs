namespace Osprey.Target.Backends.CoreFile;

/// <summary>A range of memory in a core that is being written.</summary>
/// <param name="Address">Its physical address.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Offset">Where in the file it starts.</param>
internal sealed record CoreRange(ulong Address, ulong Size, long Offset);
