using Osprey.Binary.Dwarf.Info;

namespace Osprey.Symbols.Types.Names;

/// <summary>
/// Finds the keys of classes that an entry names only by the signature of their type unit. Keys are kept.
/// </summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class SignatureKeys
{
    private const int MaxDepth = 8;

    private readonly Dictionary<ulong, (ulong Full, ulong Brief)?> _known = [];

    /// <summary>Finds the keys of the class that an entry refers to, with and without inline namespaces.</summary>
    /// <returns>False when the entry has no signature, or its type unit is missing or has no name.</returns>
    /// <exception cref="Osprey.Binary.BadDataException">A unit is malformed.</exception>
    public bool TryGet(CompilationUnit unit, ulong offset, out ulong full, out ulong brief) =>
        TryGet(unit, offset, MaxDepth, out full, out brief);

    private bool TryGet(CompilationUnit unit, ulong offset, int depth, out ulong full, out ulong brief)
    {
        full = 0;
        brief = 0;
        DieCursor cursor = unit.OpenCursor(offset);
        if (depth == 0 || !cursor.MoveNext())
            return false;

        AttributeValue signature = default;
        while (cursor.TryReadAttribute(out DwarfAttribute name, out AttributeValue value))
        {
            if (name == DwarfAttribute.Signature)
                signature = value;
        }

        if (signature.Form == DwarfForm.None)
            return false;

        if (!_known.TryGetValue(signature.Bits, out (ulong Full, ulong Brief)? keys))
        {
            keys = unit.TryGetReference(signature, out CompilationUnit holder, out ulong type)
                ? Find(holder, type, depth - 1)
                : null;
            _known[signature.Bits] = keys;
        }

        (full, brief) = keys ?? default;
        return keys is not null;
    }

    /// <summary>Finds the keys of an entry by the scopes above it.</summary>
    private (ulong Full, ulong Brief)? Find(CompilationUnit unit, ulong wanted, int depth)
    {
        var scopes = new List<(int Depth, ulong Full, ulong Brief)> { (-1, NameHash.Root, NameHash.Root) };
        DieCursor cursor = unit.OpenCursor();
        while (cursor.MoveNext() && cursor.Offset <= wanted)
        {
            while (scopes[^1].Depth >= cursor.Depth)
                scopes.RemoveAt(scopes.Count - 1);

            (_, ulong full, ulong brief) = scopes[^1];
            ulong offset = cursor.Offset;
            int level = cursor.Depth;
            if (
                offset != wanted
                && cursor.Tag
                    is not (DwarfTag.Namespace or DwarfTag.StructureType or DwarfTag.ClassType or DwarfTag.UnionType)
            )
                continue;

            bool isNamespace = cursor.Tag == DwarfTag.Namespace;
            if (ReadName(unit, ref cursor, out bool isInline) is { } hash)
            {
                full = NameHash.Combine(full, hash);
                brief = isInline ? brief : NameHash.Combine(brief, hash);
            }
            else if (!isNamespace && !TryGet(unit, offset, depth, out full, out brief))
            {
                return null;
            }

            if (offset == wanted)
                return (full, brief);

            scopes.Add((level, full, brief));
        }

        return null;
    }

    private static ulong? ReadName(CompilationUnit unit, ref DieCursor cursor, out bool isInline)
    {
        ulong? hash = null;
        isInline = false;
        while (cursor.TryReadAttribute(out DwarfAttribute name, out AttributeValue value))
        {
            if (name == DwarfAttribute.Name)
                hash = NameHash.Of(unit.GetStringBytes(value));
            else if (name == DwarfAttribute.ExportSymbols)
                isInline = value.Bits != 0;
        }

        return hash;
    }
}
