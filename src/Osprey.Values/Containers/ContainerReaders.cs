using System.Diagnostics.CodeAnalysis;
using Osprey.Symbols.Types.Compounds;
using Osprey.Values.Containers.Intrusive;
using Osprey.Values.Containers.Standard;

namespace Osprey.Values.Containers;

/// <summary>All readers of library types.</summary>
public static class ContainerReaders
{
    private const int MaxDerivations = 8;

    private static readonly IContainerReader[] s_readers =
    [
        new AtomicReader(),
        new BasicStringReader(),
        new VectorReader(),
        new ArrayReader(),
        new DequeReader(),
        new SmartPointerReader(),
        new TreeReader(),
        new HashReader(),
        new ListReader(),
        new ChronoReader(),
        new TupleReader(),
        new OptionalReader(),
        new VariantReader(),
        new IntrusiveListReader(),
        new IntrusiveSetReader(),
    ];

    /// <summary>Opens a value of a library's type; a reference is followed.</summary>
    /// <returns>Null when it is of no type that is known, or laid out otherwise.</returns>
    public static ContainerView? Open(Value value)
    {
        Value target = value.Follow();
        return target.ResolvedType is CompoundType compound ? Open(target, compound) : null;
    }

    /// <summary>
    /// Opens a value of a library's type, or of a class that is derived from one and adds no members to it.
    /// </summary>
    internal static ContainerView? Open(Value value, CompoundType type)
    {
        for (
            int depth = 0;
            depth < MaxDerivations
                && type is { Members.Count: 0, Bases: [{ IsVirtual: false } parent] }
                && !IsLibraryName(type.Name);
            depth++
        )
        {
            value = value.Base(parent);
            if (value.ResolvedType is not CompoundType compound)
                return null;

            type = compound;
        }

        // Names of the types that readers know begin in one of three ways; most types are told apart by that.
        if (type.IsDeclaration || !IsLibraryName(type.Name))
            return null;

        foreach (IContainerReader reader in s_readers)
        {
            if (reader.Matches(type))
                return reader.Open(value, type);
        }

        return null;
    }

    private static bool IsLibraryName([NotNullWhen(true)] string? name) =>
        name is not null
        && (
            name.StartsWith("std::", StringComparison.Ordinal)
            || name.StartsWith("boost::", StringComparison.Ordinal)
            || name.StartsWith("osv::", StringComparison.Ordinal)
        );
}
