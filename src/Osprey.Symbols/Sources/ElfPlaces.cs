using Osprey.Binary;
using Osprey.Binary.Dwarf.Info;
using Osprey.Binary.Dwarf.Line;
using Osprey.Symbols.Index;
using Osprey.Symbols.Types.Names;

namespace Osprey.Symbols.Sources;

/// <summary>
/// Finds the code of one ELF file that a function's name or a line stands for, by its debug info: the way back from
/// what <see cref="ElfFrames"/> answers.
/// </summary>
/// <remarks>Not thread-safe; its owner locks. Addresses are link-time ones.</remarks>
internal sealed class ElfPlaces(ElfSymbols symbols)
{
    /// <summary>Most places that one name or line may have.</summary>
    private const int MaxPlaces = 10_000;

    private readonly Dictionary<ulong, UnitSymbols?> _units = [];

    /// <summary>Finds the first instructions of a function's inlined copies.</summary>
    /// <param name="name">The function's name, qualified, without parameters.</param>
    public IReadOnlyList<ulong> FindInlined(string name)
    {
        var found = new SortedSet<ulong>();
        if (symbols.Info is not { } info || NamePath.Split(name.Trim()) is not { } parts)
            return [];

        var offsets = new HashSet<ulong>();
        ulong key = NamePath.GetKey(parts);
        foreach (
            NameEntry entry in symbols
                .GetNames(info)
                .Find(key, kind => kind is NameKind.Function or NameKind.FunctionDeclaration)
        )
        {
            if (!entry.IsInTypes && info.FindUnit(entry.Offset) is { } unit && offsets.Add(unit.Offset))
                AddInlined(unit, string.Join("::", parts), parts[^1], found);
        }

        return [.. found];
    }

    /// <summary>
    /// Finds the code of a line: where its code begins in each function. A line without code stands for the next one of
    /// the file that has some.
    /// </summary>
    /// <param name="file">The file: the end of its path, by whole names of folders.</param>
    /// <param name="line">The line, from 1.</param>
    /// <param name="most">The last line that it may stand for.</param>
    /// <returns>The line that was taken and the addresses; none when there is no code.</returns>
    public (int Line, IReadOnlyList<ulong> Addresses) FindLine(string file, int line, int most)
    {
        int taken = int.MaxValue;
        var found = new SortedSet<ulong>();
        foreach (CompilationUnit unit in symbols.Info?.Units ?? [])
        {
            if (!MayHave(unit, file) || Open(unit) is not { Lines: { } lines } read)
                continue;

            // One place for each function or inlined copy: the first one of its rows.
            var scopes = new HashSet<int>();
            foreach ((ulong address, LineRow row) in lines.ListStarts())
            {
                if (
                    row.Line < line
                    || row.Line > Math.Min(taken, most)
                    || !IsFile(read.GetFile(row.File), file)
                    || found.Count >= MaxPlaces
                )
                    continue;

                if (row.Line < taken)
                {
                    taken = row.Line;
                    found.Clear();
                    scopes.Clear();
                }

                int scope = read.Scopes.Find(address);
                if (scope == FunctionScopes.None || scopes.Add(scope))
                    found.Add(address);
            }
        }

        return (taken, [.. found]);
    }

    private void AddInlined(CompilationUnit unit, string qualified, string name, SortedSet<ulong> found)
    {
        if (Open(unit) is not { } read)
            return;

        ulong[]? starts = null;
        for (int scope = 0; scope < read.Scopes.Count && found.Count < MaxPlaces; scope++)
        {
            if (read.Scopes[scope].Parent == FunctionScopes.None || !HasName(read, scope, qualified, name))
                continue;

            starts ??= read.Scopes.FindStarts();
            if (starts[scope] != ulong.MaxValue)
                found.Add(starts[scope]);
        }
    }

    /// <summary>
    /// Tells whether a scope is a function of a name: debug info has C++ functions by their symbols, with all that is
    /// around them, and others by the name alone.
    /// </summary>
    private bool HasName(UnitSymbols unit, int scope, string qualified, string name)
    {
        FunctionName found = unit.GetName(scope, true, symbols.Report);
        if (found.Text is not { } text)
            return false;

        int parameters = NamePath.FindParameters(text);
        string shown = parameters > 0 ? text[..parameters] : text;
        return shown == (found.IsLinkageName ? qualified : name);
    }

    private UnitSymbols? Open(CompilationUnit unit)
    {
        if (_units.TryGetValue(unit.Offset, out UnitSymbols? known))
            return known;

        UnitSymbols? read = null;
        try
        {
            read = UnitSymbols.Read(unit, true, symbols.Report);
        }
        catch (BadDataException problem)
        {
            symbols.Report(problem.Message);
        }

        _units.Add(unit.Offset, read);
        return read;
    }

    private bool MayHave(CompilationUnit unit, string file)
    {
        try
        {
            return unit.LineProgramOffset is { } offset
                && LineTable
                    .ParseFiles(unit.Owner.Sections, offset, unit.Encoding.AddressSize, unit.Owner.Limits)
                    .HasFile(path => IsFile(path, file), unit.CompilationDirectory);
        }
        catch (BadDataException problem)
        {
            symbols.Report(problem.Message);
            return false;
        }
    }

    /// <summary>True when a path ends with another one, by whole names.</summary>
    private static bool IsFile(string? path, string file) =>
        path is not null
        && path.EndsWith(file, StringComparison.Ordinal)
        && (path.Length == file.Length || file[0] == '/' || path[^(file.Length + 1)] == '/');
}
