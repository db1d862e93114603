using Osprey.Binary;
using Osprey.Binary.Dwarf.Info;

namespace Osprey.Symbols.Types.Names;

/// <summary>Builds the index of names in one pass over all units, on several threads.</summary>
internal sealed class NameIndexBuilder(DebugInfo info, Action<string> report)
{
    private const int MaxThreads = 8;
    private const int MinUnitsPerThread = 4;

    private readonly List<CompilationUnit> _units = [];
    private int _next = -1;

    /// <summary>Builds the index. Errors are reported; a unit keeps the names before its first error.</summary>
    public NameIndex Build()
    {
        _units.AddRange(info.Units);
        if (info.Types is { } types)
            _units.AddRange(types.Units);

        if (info.Splits is { IsUsed: true } splits)
        {
            foreach (DebugInfo area in splits.Areas)
                AddArea(area);
        }

        foreach (BadDataException problem in info.Problems)
            report(problem.Message);

        int count = Math.Clamp(_units.Count / MinUnitsPerThread, 1, Math.Min(Environment.ProcessorCount, MaxThreads));
        var parts = new NameTable[count];
        var threads = new Thread[count];
        for (int i = 1; i < count; i++)
        {
            int part = i;
            threads[i] = new Thread(() => parts[part] = ReadUnits()) { IsBackground = true, Name = "type index" };
            threads[i].Start();
        }

        NameTable table = parts[0] = ReadUnits();
        for (int i = 1; i < count; i++)
        {
            threads[i].Join();
            table.AddAll(parts[i]);
        }

        // Where the list of units ends early, only the pass over them can say so.
        return table.ToIndex(info.Problems.Count == 0 ? [.. info.Units.Select(unit => unit.Offset)] : null);
    }

    private void AddArea(DebugInfo area)
    {
        if (area.NameBase + (ulong)area.Sections.Info.Length > uint.MaxValue)
            report("more than 4 GiB of split debug info; some types are unknown");
        else
            _units.AddRange(area.Units);

        foreach (BadDataException problem in area.Problems)
            report(problem.Message);
    }

    private NameTable ReadUnits()
    {
        var names = new UnitNames(NameTable.CreateFor(info.Sections.Info.Length));
        while (true)
        {
            int index = Interlocked.Increment(ref _next);
            if (index >= _units.Count)
                return names.Table;

            try
            {
                names.Read(_units[index]);
            }
            catch (BadDataException e)
            {
                report(e.Message);
            }
        }
    }
}
