namespace Osprey.Probes.Names;

/// <summary>What a source of names says of an argument.</summary>
/// <param name="Name">The name; null when the source has none for it.</param>
/// <param name="IsText">True when the argument points to text.</param>
public readonly record struct ArgumentName(string? Name, bool IsText)
{
    /// <summary>
    /// The number of the argument that says how many bytes the text has, from 1 on; null for a text that ends with NUL.
    /// </summary>
    public int? LengthArgument { get; init; }

    /// <summary>The number of bytes that the text has at most; null for any.</summary>
    public int? MaxLength { get; init; }
}
