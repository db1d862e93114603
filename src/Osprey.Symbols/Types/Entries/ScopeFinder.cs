using Osprey.Binary;
using Osprey.Binary.Dwarf.Info;
using Osprey.Binary.Dwarf.Lists;
using Osprey.Symbols.Index;
using Osprey.Symbols.Sources;
using Osprey.Symbols.Types.Variables;

namespace Osprey.Symbols.Types.Entries;

/// <summary>Finds functions by address, with the variables that are visible there.</summary>
internal sealed class ScopeFinder(DebugEntries entries, VariableEntryReader variables, ElfSymbols symbols)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<UnitEntries, FunctionScopes> _scopes = [];

    /// <summary>Finds the functions at a link-time address, innermost first.</summary>
    public IReadOnlyList<DebugScope> Find(ulong linkAddress)
    {
        if (FindUnit(linkAddress) is not { } unit)
            return [];

        FunctionScopes scopes = GetScopes(unit);
        var chain = new List<int>();
        for (
            int scope = scopes.Find(linkAddress);
            scope != FunctionScopes.None && chain.Count < entries.Info.Limits.MaxInlineDepth;
            scope = scopes[scope].Parent
        )
            chain.Add(scope);

        if (chain.Count == 0)
            return [];

        (VariableLocation? frameBase, FunctionEntry function) = ReadFunction(unit, scopes[chain[^1]].EntryOffset);
        var result = new List<DebugScope>(chain.Count);
        foreach (int scope in chain)
        {
            var entry = new Entry(unit, scopes[scope].EntryOffset);
            result.Add(
                new DebugScope(
                    ReadName(entry),
                    scopes[scope].Parent != FunctionScopes.None,
                    frameBase,
                    ReadVariables(entry, linkAddress)
                )
                {
                    Function = function,
                }
            );
        }

        return result;
    }

    /// <summary>
    /// Finds the entry of the function that is not inlined at a link-time address; null when there is none.
    /// </summary>
    public Entry? FindFunction(ulong linkAddress)
    {
        if (FindUnit(linkAddress) is not { } unit)
            return null;

        FunctionScopes scopes = GetScopes(unit);
        int scope = scopes.Find(linkAddress);
        if (scope == FunctionScopes.None)
            return null;

        while (scopes[scope].Parent != FunctionScopes.None)
            scope = scopes[scope].Parent;

        return new Entry(unit, scopes[scope].EntryOffset);
    }

    private UnitEntries? FindUnit(ulong linkAddress)
    {
        UnitMap map = symbols.Map;
        int index = map.Find(linkAddress);
        return index >= 0 && entries.Info.FindUnit(map.Offsets[index]) is { } unit
            ? entries.Get(unit.Split ?? unit)
            : null;
    }

    private FunctionScopes GetScopes(UnitEntries unit)
    {
        lock (_lock)
        {
            if (_scopes.TryGetValue(unit, out FunctionScopes? known))
                return known;
        }

        FunctionScopes scopes = FunctionScopesReader.Read(unit.Unit, true, out BadDataException? problem);
        if (problem is not null)
            entries.Report(problem.Message);

        lock (_lock)
            _scopes[unit] = scopes;

        return scopes;
    }

    private (VariableLocation? FrameBase, FunctionEntry Function) ReadFunction(UnitEntries unit, ulong offset)
    {
        VariableLocation? frameBase = null;
        ulong? address = null;
        try
        {
            if (unit.TryRead(offset, out EntryAttributes? attributes))
            {
                if (attributes.FrameBase.Form != DwarfForm.None)
                    frameBase = LocationReader.Read(unit.Unit, attributes.FrameBase);

                // A function of several ranges starts at the first of them.
                AddressRangeList ranges = ReadRanges(unit, attributes);
                address = ranges.Count > 0 ? ranges[0].Low : null;
            }
        }
        catch (BadDataException e)
        {
            entries.Report(e.Message);
        }

        return (frameBase, new FunctionEntry(unit.Unit, offset, address));
    }

    private string? ReadName(Entry entry)
    {
        try
        {
            return entries.GetQualifiedName(entry);
        }
        catch (BadDataException e)
        {
            entries.Report(e.Message);
            return null;
        }
    }

    /// <summary>
    /// Reads the parameters, then the locals, innermost block first. Variables of calls that were inlined here are not
    /// among them.
    /// </summary>
    private List<DebugVariable> ReadVariables(Entry function, ulong linkAddress)
    {
        var parameters = new List<DebugVariable>();
        var locals = new List<(int Depth, DebugVariable Variable)>();
        var seen = new HashSet<Entry>();
        try
        {
            ReadVariables(function, linkAddress, parameters, locals, seen);
            AddMissing(function, parameters, locals, seen);
        }
        catch (BadDataException e)
        {
            entries.Report(e.Message);
        }

        // The sort is stable: innermost block first, within a block in the order of the file.
        parameters.AddRange(locals.OrderByDescending(local => local.Depth).Select(local => local.Variable));
        return parameters;
    }

    private void ReadVariables(
        Entry function,
        ulong linkAddress,
        List<DebugVariable> parameters,
        List<(int Depth, DebugVariable Variable)> locals,
        HashSet<Entry> seen
    )
    {
        if (!function.Unit.TryOpen(function.Offset, out DieCursor cursor))
            return;

        int closed = int.MaxValue;
        while (cursor.MoveNext())
        {
            if (cursor.Depth > closed)
            {
                // The variables of a block that does not hold the address are not visible, but they are not optimised
                // out either.
                if (cursor.Tag is DwarfTag.Variable or DwarfTag.FormalParameter)
                    ReadSeen(function.Unit, ref cursor, seen);

                continue;
            }

            closed = int.MaxValue;
            if (cursor.Depth == 0)
                continue;

            switch (cursor.Tag)
            {
                case DwarfTag.LexicalBlock:
                    int depth = cursor.Depth;
                    if (!HoldsAddress(function.Unit, ref cursor, linkAddress))
                        closed = depth;

                    break;
                case DwarfTag.FormalParameter or DwarfTag.Variable:
                    int place = cursor.Depth;
                    EntryAttributes.Read(ref cursor, out EntryAttributes attributes);
                    if (attributes.HasOrigin && entries.Follow(function.Unit, attributes.Origin) is { } origin)
                        seen.Add(origin);

                    if (
                        attributes.IsDeclaration
                        || variables.Read(new Entry(function.Unit, attributes.Offset), true) is not { } variable
                    )
                        break;

                    if (variable.IsParameter)
                        parameters.Add(variable);
                    else
                        locals.Add((place, variable));

                    break;
                case DwarfTag.GnuFormalParameterPack:
                    break;
                default:
                    closed = cursor.Depth;
                    break;
            }
        }
    }

    private void ReadSeen(UnitEntries unit, ref DieCursor cursor, HashSet<Entry> seen)
    {
        EntryAttributes.Read(ref cursor, out EntryAttributes attributes);
        if (attributes.HasOrigin && entries.Follow(unit, attributes.Origin) is { } origin)
            seen.Add(origin);
    }

    /// <summary>
    /// Adds the variables that the abstract function has and this instance lacks: they exist, but have no location.
    /// </summary>
    private void AddMissing(
        Entry function,
        List<DebugVariable> parameters,
        List<(int Depth, DebugVariable Variable)> locals,
        HashSet<Entry> seen
    )
    {
        if (
            !function.Unit.TryRead(function.Offset, out EntryAttributes? self)
            || entries.Follow(function.Unit, self.Origin) is not { } origin
            || !origin.Unit.TryOpen(origin.Offset, out DieCursor cursor)
        )
        {
            return;
        }

        while (cursor.MoveNext())
        {
            if (cursor.Depth != 1 || cursor.Tag is not (DwarfTag.FormalParameter or DwarfTag.Variable))
                continue;

            // The declaration of a member function has only the types of its parameters.
            var entry = new Entry(origin.Unit, cursor.Offset);
            if (seen.Contains(entry) || !self.IsAbstractOrigin || variables.Read(entry, true) is not { } variable)
                continue;

            if (variable.IsParameter)
                parameters.Add(variable);
            else
                locals.Add((1, variable));
        }
    }

    private static bool HoldsAddress(UnitEntries unit, ref DieCursor cursor, ulong linkAddress)
    {
        EntryAttributes.Read(ref cursor, out EntryAttributes attributes);
        if (attributes.LowPc.Form == DwarfForm.None && attributes.Ranges.Form == DwarfForm.None)
            return attributes.Origin.Form == DwarfForm.None;

        AddressRangeList ranges = ReadRanges(unit, attributes);
        for (int i = 0; i < ranges.Count; i++)
        {
            if (ranges[i].Contains(linkAddress))
                return true;
        }

        return false;
    }

    /// <summary>Reads the ranges of an entry's code, in the order of the file.</summary>
    private static AddressRangeList ReadRanges(UnitEntries unit, EntryAttributes attributes)
    {
        var ranges = new AddressRangeList();
        if (attributes.Ranges.Form != DwarfForm.None)
            RangeListReader.Read(unit.Unit, attributes.Ranges, ranges);
        else if (attributes.LowPc.Form != DwarfForm.None && attributes.HighPc.Form != DwarfForm.None)
            UnitRanges.Add(unit.Unit, attributes.LowPc, attributes.HighPc, ranges);

        return ranges;
    }
}
