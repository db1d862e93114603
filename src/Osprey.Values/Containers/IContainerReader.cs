using Osprey.Symbols.Types.Compounds;

namespace Osprey.Values.Containers;

/// <summary>Knows one family of library types.</summary>
public interface IContainerReader
{
    /// <summary>Whether it knows a type, told by its name.</summary>
    bool Matches(CompoundType type);

    /// <summary>Opens a value of a type that it knows.</summary>
    /// <returns>
    /// Null when the type is laid out in a way that it does not know, or the value can't be read: it is then shown as a
    /// struct.
    /// </returns>
    ContainerView? Open(Value value, CompoundType type);
}
