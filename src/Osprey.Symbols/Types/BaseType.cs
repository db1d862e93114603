namespace Osprey.Symbols.Types;

/// <summary>A type of the language itself, such as <c>unsigned long</c> (<c>DW_TAG_base_type</c>).</summary>
public sealed class BaseType(string name, ulong size, BaseEncoding encoding) : DebugType
{
    /// <inheritdoc/>
    public override string? Name => name;

    /// <inheritdoc/>
    public override ulong? Size => size;

    /// <summary>How its bytes are to be understood.</summary>
    public BaseEncoding Encoding => encoding;
}
