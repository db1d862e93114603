using Osprey.Binary.Dwarf.Info;

namespace Osprey.Symbols.Index;

/// <summary>A function's name in the debug info.</summary>
/// <param name="Text">The name; null when there is none.</param>
/// <param name="IsLinkageName">True for the symbol's name, mangled for C++; false for the name in the source.</param>
internal readonly record struct FunctionName(string? Text, bool IsLinkageName)
{
    /// <summary>
    /// Finds the name of a function or inlined call: at its own entry, then at the abstract one that it is an instance
    /// of, then at the declaration. A linkage name at any of these takes precedence over a plain one.
    /// </summary>
    /// <exception cref="Osprey.Binary.BadDataException">An entry on the way is malformed.</exception>
    public static FunctionName Find(CompilationUnit unit, ulong entryOffset)
    {
        string? plain = null;
        for (int links = unit.Owner.Limits.MaxReferenceDepth; links > 0; links--)
        {
            DieCursor cursor = unit.OpenCursor(entryOffset);
            if (!cursor.MoveNext())
                break;

            AttributeValue? origin = null;
            while (cursor.TryReadAttribute(out DwarfAttribute name, out AttributeValue value))
            {
                switch (name)
                {
                    case DwarfAttribute.LinkageName or DwarfAttribute.MipsLinkageName:
                        // It is empty when it is in a file that is not there.
                        if (unit.GetString(value) is { Length: > 0 } linkage)
                            return new FunctionName(linkage, true);

                        break;
                    case DwarfAttribute.Name:
                        plain ??= unit.GetString(value) is { Length: > 0 } text ? text : null;
                        break;
                    case DwarfAttribute.AbstractOrigin:
                        origin = value;
                        break;
                    case DwarfAttribute.Specification:
                        origin ??= value;
                        break;
                }
            }

            if (origin is not { } next || !unit.TryGetReference(next, out unit, out entryOffset))
                break;
        }

        return new FunctionName(plain, false);
    }
}
