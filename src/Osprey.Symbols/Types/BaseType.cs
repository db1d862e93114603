namespace Osprey.Symbols.Types;

/// <summary>A type that the language has built in, such as <c>unsigned long</c> (<c>DW_TAG_base_type</c>).</summary>
/// <param name="name">The type's name.</param>
/// <param name="size">Its size in bytes.</param>
/// <param name="encoding">The meaning of its bytes.</param>
public sealed class BaseType(string name, ulong size, BaseEncoding encoding) : DebugType
{
    /// <inheritdoc/>
    public override string? Name => name;

    /// <inheritdoc/>
    public override ulong? Size => size;

    /// <summary>The meaning of its bytes.</summary>
    public BaseEncoding Encoding => encoding;
}
