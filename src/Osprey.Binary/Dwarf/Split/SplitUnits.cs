using Osprey.Binary.Dwarf.Info;

namespace Osprey.Binary.Dwarf.Split;

// Split debug info (-gsplit-dwarf; DWARF 5, section 7.3.2). The linker should not have to copy debug info, so the
// compiler leaves only a skeleton of each unit in the object file: its code's addresses, its line table, a table of
// addresses, and the name of a .dwo file. All else is in that file, as a unit with the same number (the skeleton's id),
// which needs no relocation: it refers to addresses by their index in the skeleton's table. A program's .dwo files
// can be
// put into one package (.dwp). Before DWARF 5 this was an extension of GNU tools with other names for the same things.
//
// Here a .dwo file or a package is a DebugInfo like any other, whose units know their skeleton. Whoever has a skeleton
// asks for its Split and goes on with that; whoever has a split unit gets addresses, the line table and the folder of
// its skeleton without asking. Files are found by the one who makes this object; a missing one makes Split null, and
// the
// skeleton is then all that is known.
//
// The index of names needs one number for each entry of all these files. So the files are laid one behind the other,
// behind the program's own .debug_info: NameBase is where each starts.

/// <summary>Finds the split units of a file's skeletons.</summary>
/// <remarks>Thread-safe.</remarks>
/// <param name="main">The debug info with the skeletons.</param>
/// <param name="open">
/// Opens the file that should have the unit of a skeleton, the same object for the same file; null when it is not
/// there.
/// </param>
internal sealed class SplitUnits(DebugInfo main, Func<CompilationUnit, DebugInfo?> open)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ulong, CompilationUnit?> _found = [];
    private Dictionary<ulong, CompilationUnit>? _skeletons;
    private List<DebugInfo>? _areas;

    /// <summary>True when any unit is a skeleton.</summary>
    public bool IsUsed => Skeletons.Count > 0;

    /// <summary>The skeletons by their numbers.</summary>
    public IReadOnlyDictionary<ulong, CompilationUnit> Skeletons
    {
        get
        {
            lock (_lock)
                return _skeletons ??= ReadSkeletons();
        }
    }

    /// <summary>
    /// All files that were found, those with type units of version 4 twice, in the order of their
    /// <see cref="DebugInfo.NameBase"/>.
    /// </summary>
    public IReadOnlyList<DebugInfo> Areas
    {
        get
        {
            lock (_lock)
                return _areas ??= ReadAreas();
        }
    }

    /// <summary>Finds the unit that a skeleton stands for; null when its file is not there.</summary>
    public CompilationUnit? Find(CompilationUnit skeleton)
    {
        if (skeleton.SplitId is not { } id)
            return null;

        lock (_lock)
        {
            if (_found.TryGetValue(id, out CompilationUnit? known))
                return known;

            CompilationUnit? unit = open(skeleton)?.FindSplitUnit(id);
            unit?.Skeleton = skeleton;
            _found.Add(id, unit);
            return unit;
        }
    }

    private Dictionary<ulong, CompilationUnit> ReadSkeletons()
    {
        var skeletons = new Dictionary<ulong, CompilationUnit>();

        // Skeletons have their addresses there, also in the form before DWARF 5.
        if (main.Sections.Addresses.IsEmpty)
            return skeletons;

        foreach (CompilationUnit unit in main.Units)
        {
            try
            {
                if (unit.SplitId is { } id)
                    skeletons.TryAdd(id, unit);
            }
            catch (BadDataException)
            {
                // A unit whose first entry is malformed is reported when it is read.
            }
        }

        return skeletons;
    }

    private List<DebugInfo> ReadAreas()
    {
        var areas = new List<DebugInfo>();
        ulong start = (ulong)main.Sections.Info.Length;
        foreach (CompilationUnit skeleton in Skeletons.Values)
        {
            if (Find(skeleton)?.Owner is not { } file || file.NameBase != 0)
                continue;

            foreach (DebugInfo? area in (ReadOnlySpan<DebugInfo?>)[file, file.Types])
            {
                if (area is null)
                    continue;

                area.NameBase = start;
                start += (ulong)area.Sections.Info.Length;
                areas.Add(area);
            }
        }

        return areas;
    }
}
