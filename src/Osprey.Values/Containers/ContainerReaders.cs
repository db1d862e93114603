using System.Diagnostics.CodeAnalysis;
using Osprey.Symbols.Types.Compounds;
using Osprey.Values.Containers.Intrusive;
using Osprey.Values.Containers.Standard;

namespace Osprey.Values.Containers;

/// <summary>The readers of library types that a <see cref="ValueSpace"/> is given.</summary>
public sealed class ContainerReaders
{
    private const int MaxDerivations = 8;

    private readonly IContainerReader[] _readers;
    private readonly string[] _namespaces;

    /// <param name="readers">The readers; the first that knows a type opens its values.</param>
    public ContainerReaders(IEnumerable<IContainerReader> readers)
    {
        _readers = [.. readers];
        _namespaces = [.. _readers.SelectMany(reader => reader.Namespaces).Distinct()];
    }

    /// <summary>The readers of what libstdc++ and Boost have.</summary>
    public static ContainerReaders Standard { get; } =
        new([
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
        ]);

    /// <summary>Adds readers; they are asked before the others.</summary>
    public ContainerReaders With(params IEnumerable<IContainerReader> readers) => new([.. readers, .. _readers]);

    /// <summary>Opens a value of a library's type; a reference is followed.</summary>
    /// <returns>Null when it is of no type that is known, or laid out otherwise.</returns>
    public ContainerView? Open(Value value)
    {
        Value target = value.Follow();
        return target.ResolvedType is CompoundType compound ? Open(target, compound) : null;
    }

    /// <summary>
    /// Opens a value of a library's type, or of a class that is derived from one and adds no members to it.
    /// </summary>
    internal ContainerView? Open(Value value, CompoundType type)
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

        // Names of the types that readers know begin in one of a few ways; most types are ruled out by that.
        if (type.IsDeclaration || !IsLibraryName(type.Name))
            return null;

        foreach (IContainerReader reader in _readers)
        {
            if (reader.Matches(type))
                return reader.Open(value, type);
        }

        return null;
    }

    private bool IsLibraryName([NotNullWhen(true)] string? name)
    {
        if (name is null)
            return false;

        foreach (string beginning in _namespaces)
        {
            if (name.StartsWith(beginning, StringComparison.Ordinal))
                return true;
        }

        return false;
    }
}
