namespace Osprey.Symbols.Types.Compounds;

/// <summary>A base of a class.</summary>
public sealed class BaseClass(Func<DebugType> type, ulong? offset, bool isVirtual)
{
    private readonly Lazy<DebugType> _type = new(type);

    /// <summary>The base; a <see cref="CompoundType"/>, perhaps behind a typedef.</summary>
    public DebugType Type => _type.Value;

    /// <summary>Bytes from the start of the class; null when that depends on the object, as of virtual bases.</summary>
    public ulong? Offset => offset;

    /// <summary>Whether it is a virtual base.</summary>
    public bool IsVirtual => isVirtual;
}
