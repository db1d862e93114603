namespace Osprey.Tracing.Dumps;

/// <summary>The name of a piece of code.</summary>
/// <param name="Address">The address of its first byte.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Name">Its name.</param>
internal readonly record struct CodeSymbol(ulong Address, ulong Size, string Name);
