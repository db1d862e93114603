using Osprey.Binary;
using Osprey.Binary.Dwarf.Info;
using Osprey.Binary.Dwarf.Line;
using Osprey.Symbols.Types.Variables;

namespace Osprey.Symbols.Types.Entries;

/// <summary>Creates variables from entries.</summary>
internal sealed class VariableEntryReader(DebugEntries entries, TypeReader types)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<UnitEntries, LineTable?> _files = [];

    /// <summary>
    /// Reads the variable that an entry describes. Attributes that the entry does not have are taken from the entry
    /// that it completes or is an instance of.
    /// </summary>
    /// <param name="entry">The entry.</param>
    /// <param name="isLocal">True for a name without namespaces and classes.</param>
    /// <returns>Null when it has no name.</returns>
    /// <exception cref="BadDataException">An entry is malformed.</exception>
    public DebugVariable? Read(Entry entry, bool isLocal)
    {
        string? name = isLocal ? entries.GetName(entry) : entries.GetQualifiedName(entry);
        if (name is null)
            return null;

        AttributeValue location = default;
        AttributeValue constant = default;
        AttributeValue type = default;
        AttributeValue file = default;
        UnitEntries typeUnit = entry.Unit;
        UnitEntries constantUnit = entry.Unit;
        UnitEntries locationUnit = entry.Unit;
        UnitEntries fileUnit = entry.Unit;
        bool isParameter = false;
        Entry? current = entry;
        for (int links = entries.Info.Limits.MaxReferenceDepth; links > 0 && current is { } some; links--)
        {
            if (!some.Unit.TryRead(some.Offset, out EntryAttributes? attributes))
                break;

            isParameter |= attributes.Tag == DwarfTag.FormalParameter;
            Take(attributes.Location, some.Unit, ref location, ref locationUnit);
            Take(attributes.Constant, some.Unit, ref constant, ref constantUnit);
            Take(attributes.Type, some.Unit, ref type, ref typeUnit);
            Take(attributes.DeclarationFile, some.Unit, ref file, ref fileUnit);
            current = attributes.HasOrigin ? entries.Follow(some.Unit, attributes.Origin) : null;
        }

        VariableLocation place = LocationReader.Read(locationUnit.Unit, location);
        if (place is VariableLocation.None && constant.Form != DwarfForm.None)
            place = new VariableLocation.Constant(
                ConstantReader.GetBytes(constantUnit.Unit, constant, types.ReadLink(typeUnit, type)?.Size)
            );

        return new DebugVariable(name, () => types.Read(typeUnit, type), place)
        {
            IsParameter = isParameter,
            DeclarationFile = file.AsInt32() is { } number ? GetFile(fileUnit, number) : null,
        };
    }

    /// <summary>Reads the location of a static member or global.</summary>
    /// <exception cref="BadDataException">The entry is malformed.</exception>
    public VariableLocation ReadLocation(Entry entry) => Read(entry, true)?.Location ?? VariableLocation.None.Instance;

    private static void Take(in AttributeValue from, UnitEntries unit, ref AttributeValue to, ref UnitEntries toUnit)
    {
        if (to.Form == DwarfForm.None && from.Form != DwarfForm.None)
        {
            to = from;
            toUnit = unit;
        }
    }

    private string? GetFile(UnitEntries unit, int number)
    {
        LineTable? files;
        lock (_lock)
        {
            if (!_files.TryGetValue(unit, out files))
            {
                try
                {
                    Osprey.Binary.Dwarf.Info.CompilationUnit lines = unit.Unit.LineUnit;
                    if (lines.LineProgramOffset is { } offset)
                        files = LineTable.ParseFiles(
                            lines.Owner.Sections,
                            offset,
                            lines.Encoding.AddressSize,
                            lines.Owner.Limits
                        );
                }
                catch (BadDataException e)
                {
                    entries.Report(e.Message);
                }

                _files.Add(unit, files);
            }
        }

        return files?.GetFilePath(number, unit.Unit.CompilationDirectory);
    }
}
