using Osprey.Binary.Dwarf.Info;

namespace Osprey.Symbols.Types.Names;

/// <summary>Keeps hashes of names by their offsets in <c>.debug_str</c>, for units of one file.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class NameHashCache
{
    private const int CachedNames = 1 << 13;

    private readonly CachedHash[] _cached = new CachedHash[CachedNames];

    /// <summary>Returns the hash of a name.</summary>
    /// <param name="unit">The unit that the name is from.</param>
    /// <param name="name">The name.</param>
    /// <param name="hasArguments">True when the name contains the arguments of a template.</param>
    /// <param name="template">The hash of the part before those arguments; 0 when there are none.</param>
    /// <exception cref="Osprey.Binary.BadDataException">
    /// The name is not a string, or lies outside of its section.
    /// </exception>
    public ulong Get(CompilationUnit unit, in AttributeValue name, out bool hasArguments, out ulong template)
    {
        if (name.Form != DwarfForm.StringOffset || unit.Owner.Program is not null)
            return Compute(unit, name, out hasArguments, out template);

        // The same names are in every unit that includes the same headers.
        ulong offset = unchecked(name.Bits + 1);
        int slot = unchecked((int)((offset * NameHash.Root) >> 51));
        ref CachedHash cached = ref _cached[slot];
        if (cached.Offset == offset)
        {
            hasArguments = cached.HasArguments;
            template = cached.Template;
            return cached.Hash;
        }

        ulong hash = Compute(unit, name, out hasArguments, out template);
        cached = new CachedHash(offset, hash, template, hasArguments);
        return hash;
    }

    private static ulong Compute(
        CompilationUnit unit,
        in AttributeValue name,
        out bool hasArguments,
        out ulong template
    )
    {
        ReadOnlySpan<byte> bytes = unit.GetStringBytes(name);
        int start = bytes.IndexOf((byte)'<');
        hasArguments = start >= 0;
        template = start > 0 && bytes[^1] == (byte)'>' ? NameHash.Of(bytes[..start]) : 0;
        return NameHash.Of(bytes);
    }

    private readonly record struct CachedHash(ulong Offset, ulong Hash, ulong Template, bool HasArguments);
}
