using Osprey.Values;
using Osprey.Values.Containers;

namespace Osprey.Guests.Osv;

/// <summary>Follows pointers of the kernel's that may be atomic or smart.</summary>
internal static class OsvPointers
{
    private const int MaxDepth = 4;

    /// <summary>Follows a plain, atomic or smart pointer to its target.</summary>
    /// <returns>A value with a problem when it is none, or can't be read.</returns>
    public static Value Target(Value pointer)
    {
        Value value = pointer.Follow();
        for (int depth = 0; depth < MaxDepth; depth++)
        {
            Value? inner = value.AsContainer() switch
            {
                ContainerView.Pointer smart => smart.Plain,
                ContainerView.Wrapper { Inner: { } plain } => plain,
                _ => null,
            };
            if (inner is null)
                break;

            value = inner;
        }

        return value.Dereference();
    }

    /// <summary>Reads a count or index; null when it is none, can't be read, or is absurdly large.</summary>
    public static int? Count(Value? value) => Number(value) is { } number and <= int.MaxValue ? (int)number : null;

    /// <summary>Reads a number; null when it is none or can't be read.</summary>
    public static ulong? Number(Value? value) =>
        value is not null && value.TryGetUInt64(out ulong number) ? number : null;
}
