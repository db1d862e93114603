using Osprey.Symbols.Types.Compounds;
using Osprey.Values.Containers.Standard;

namespace Osprey.Values.Containers;

/// <summary>Unwraps classes that act like a pointer or a number.</summary>
internal static class SmartPointers
{
    private const int MaxDepth = 8;

    /// <summary>
    /// Gets the plain pointer in a smart pointer, an atomic or an iterator; null when the value is none of these.
    /// </summary>
    public static Value? Unwrap(Value value)
    {
        Value? found = null;
        for (int depth = 0; depth < MaxDepth && value.ResolvedType is CompoundType compound; depth++)
        {
            Value? inner =
                Iterators.GetPointer(value, compound)
                ?? value.Space.Readers.Open(value, compound) switch
                {
                    ContainerView.Pointer pointer => pointer.Plain,
                    ContainerView.Wrapper { Title: "" } atomic => atomic.Inner,
                    _ => null,
                };
            if (inner is null)
                return found;

            found = value = inner;
        }

        return found is not null && found.Type.IsPointer ? found : null;
    }

    /// <summary>Gets the number in an atomic, a duration or a time; null when the value is none of these.</summary>
    public static Value? UnwrapScalar(Value value)
    {
        if (value.ResolvedType is not CompoundType compound)
            return null;

        return value.Space.Readers.Open(value, compound) switch
        {
            ContainerView.Wrapper { Title: "" } atomic => atomic.Inner,
            ContainerView.Amount amount => amount.Number,
            _ => null,
        };
    }
}
