using Osprey.Binary.Dwarf;
using Osprey.Binary.Dwarf.Info;
using Osprey.Binary.Elf;

namespace Osprey.Tests.Symbols.Types;

/// <summary>
/// Finds all structs, unions and enums that have a name of their own in a file of C. It reads the entries themselves,
/// without an index.
/// </summary>
internal sealed class NamedTypeSurvey
{
    private const DwarfAttribute DeclarationLine = (DwarfAttribute)0x3b; // DW_AT_decl_line

    private readonly Dictionary<string, Definition> _types = [];
    private readonly Dictionary<string, string> _enumerators = [];
    private readonly HashSet<string> _ambiguous = [];

    public NamedTypeSurvey(ElfImage image)
    {
        var info = new DebugInfo(DwarfSections.FromImage(image));
        foreach (CompilationUnit unit in info.Units)
            Read(unit);
    }

    /// <summary>The number of names of structs, unions and enums that have several meanings.</summary>
    public int AmbiguousCount => _ambiguous.Count(name => name.Contains(' ', StringComparison.Ordinal));

    /// <summary>The names that have one meaning, written with their keyword, in a fixed order.</summary>
    public IEnumerable<string> Unambiguous =>
        _types
            .Keys.Where(name => name.Contains(' ', StringComparison.Ordinal) && !_ambiguous.Contains(name))
            .Order(StringComparer.Ordinal);

    /// <summary>
    /// True when units differ in the meaning of a name: of a type with its keyword, of a typedef, or of an enumerator.
    /// Tools are free to choose any of the meanings.
    /// </summary>
    public bool IsAmbiguous(string name) => _ambiguous.Contains(name);

    private void Read(CompilationUnit unit)
    {
        string? enumeration = null;
        DieCursor cursor = unit.OpenCursor();
        while (cursor.MoveNext())
        {
            string? keyword = cursor.Tag switch
            {
                DwarfTag.StructureType => "struct ",
                DwarfTag.UnionType => "union ",
                DwarfTag.EnumerationType => "enum ",
                DwarfTag.Typedef => "",
                DwarfTag.Enumerator => "enumerator ",
                _ => null,
            };
            if (keyword is null)
                continue;

            string? name = null;
            var definition = default(Definition);
            bool isDeclaration = false;
            while (cursor.TryReadAttribute(out DwarfAttribute attribute, out AttributeValue value))
            {
                switch (attribute)
                {
                    case DwarfAttribute.Name:
                        name = unit.GetString(value);
                        break;
                    case DwarfAttribute.ByteSize:
                        definition = definition with { Size = value.Bits };
                        break;
                    case DeclarationLine:
                        definition = definition with { Line = value.Bits };
                        break;
                    case DwarfAttribute.Declaration:
                        isDeclaration = true;
                        break;
                }
            }

            if (cursor.Tag == DwarfTag.EnumerationType)
                enumeration = name;

            if (name is null || isDeclaration)
                continue;

            if (cursor.Tag == DwarfTag.Enumerator)
                Add(name, enumeration ?? "");
            else
                Add(keyword + name, definition);
        }
    }

    private void Add(string enumerator, string enumeration)
    {
        if (!_enumerators.TryAdd(enumerator, enumeration) && _enumerators[enumerator] != enumeration)
            _ambiguous.Add(enumerator);
    }

    private void Add(string name, Definition definition)
    {
        // For a typedef it is enough to know that it is there several times, from different lines.
        if (!_types.TryAdd(name, definition) && _types[name] != definition)
            _ambiguous.Add(name);
    }

    private readonly record struct Definition(ulong Size, ulong Line);
}
