namespace Osprey.Probes.Names;

/// <summary>What a source of names says of an argument.</summary>
/// <param name="Name">The name; null when the source has none for it.</param>
/// <param name="IsText">True when the argument points to text.</param>
public readonly record struct ArgumentName(string? Name, bool IsText);
