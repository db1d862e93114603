namespace Osprey.Symbols.Types.Compounds;

/// <summary>A base of a class.</summary>
/// <param name="type">Returns the base's type.</param>
/// <param name="offset">Bytes from the start of the class; null when that depends on the object.</param>
/// <param name="isVirtual">True for a virtual base.</param>
public sealed class BaseClass(Func<DebugType> type, ulong? offset, bool isVirtual)
{
    private readonly Lazy<DebugType> _type = new(type);

    /// <summary>The base's type; a <see cref="CompoundType"/>, perhaps behind a typedef.</summary>
    public DebugType Type => _type.Value;

    /// <summary>
    /// Bytes from the start of the class; null when that depends on the object, as for virtual bases.
    /// </summary>
    public ulong? Offset => offset;

    /// <summary>True for a virtual base.</summary>
    public bool IsVirtual => isVirtual;

    /// <summary>
    /// Distance in bytes from the object's table of virtual functions down to the number that is the offset of this
    /// virtual base; null when debug info does not say.
    /// </summary>
    public ulong? TableDistance { get; init; }
}
