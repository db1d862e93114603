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

        Parts parts = Collect(entry);
        return new DebugVariable(name, () => types.Read(parts.Type.Unit, parts.Type.Value), GetPlace(parts))
        {
            IsParameter = parts.IsParameter,
            DeclarationFile = parts.File.Value.AsInt32() is { } number ? GetFile(parts.File.Unit, number) : null,
        };
    }

    /// <summary>Reads only where the variable is, which of many entries of one name tells the right one.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="type">Reads its type; null when the file does not give it.</param>
    /// <exception cref="BadDataException">An entry is malformed.</exception>
    public VariableLocation ReadLocation(Entry entry, out Func<DebugType?> type)
    {
        Parts parts = Collect(entry);
        type = () => types.Read(parts.Type.Unit, parts.Type.Value);
        return GetPlace(parts);
    }

    private Parts Collect(Entry entry)
    {
        var none = new Part(entry.Unit, default);
        Part location = none;
        Part constant = none;
        Part type = none;
        Part file = none;
        bool isParameter = false;
        Entry? current = entry;
        for (int links = entries.Info.Limits.MaxReferenceDepth; links > 0 && current is { } some; links--)
        {
            if (!some.Unit.TryRead(some.Offset, out EntryAttributes? attributes))
                break;

            isParameter |= attributes.Tag == DwarfTag.FormalParameter;
            Take(attributes.Location, some.Unit, ref location);
            Take(attributes.Constant, some.Unit, ref constant);
            Take(attributes.Type, some.Unit, ref type);
            Take(attributes.DeclarationFile, some.Unit, ref file);
            current = attributes.HasOrigin ? entries.Follow(some.Unit, attributes.Origin) : null;
        }

        return new Parts(location, constant, type, file, isParameter);
    }

    private VariableLocation GetPlace(in Parts parts)
    {
        VariableLocation place = LocationReader.Read(parts.Location.Unit.Unit, parts.Location.Value);
        return place is VariableLocation.None && parts.Constant.Value.Form != DwarfForm.None
            ? new VariableLocation.Constant(
                ConstantReader.GetBytes(
                    parts.Constant.Unit.Unit,
                    parts.Constant.Value,
                    types.ReadLink(parts.Type.Unit, parts.Type.Value)?.Size
                )
            )
            : place;
    }

    private static void Take(in AttributeValue from, UnitEntries unit, ref Part to)
    {
        if (to.Value.Form == DwarfForm.None && from.Form != DwarfForm.None)
            to = new Part(unit, from);
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

    /// <summary>An attribute, and the unit that it was found in.</summary>
    private readonly record struct Part(UnitEntries Unit, AttributeValue Value);

    private readonly record struct Parts(Part Location, Part Constant, Part Type, Part File, bool IsParameter);
}
