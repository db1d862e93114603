using Osprey.Symbols.Types;
using Osprey.Target.Memory;

namespace Osprey.Guests.Linux.Stacks;

/// <summary>The tables of ORC of a Linux kernel's modules, as the list of modules leads to them.</summary>
internal sealed class OrcModules
{
    private const int MaxModules = 10_000;
    private const int MaxModuleEntries = 1 << 20;

    private readonly List<(ulong Start, ulong End, OrcTable Table)> _tables = [];
    private long _room = OrcTable.MaxEntries;

    private OrcModules() { }

    /// <summary>The first reason why a module's table is not used; null when there is none.</summary>
    public string? Problem { get; private set; }

    /// <summary>Reads the tables.</summary>
    /// <param name="memory">Memory as the kernel sees it.</param>
    /// <param name="findSymbol">Gives the run-time address of a symbol; null when there is none.</param>
    /// <param name="findType">Gives a type of the kernel by name; null when there is none.</param>
    /// <param name="format">The format of the kernel's own table.</param>
    public static OrcModules Read(
        IMemoryReader memory,
        Func<string, ulong?> findSymbol,
        Func<string, DebugType?> findType,
        OrcFormat format
    )
    {
        var modules = new OrcModules();
        if (findSymbol("modules") is not { } list)
            return modules; // a kernel without modules

        if (OrcModuleLayout.Find(findType) is not { } layout)
        {
            modules.AddProblem("the kernel's types do not say where modules keep theirs");
            return modules;
        }

        var met = new HashSet<ulong> { list };
        ulong at = list;
        while (memory.TryReadUInt64(at, out ulong next) && met.Add(next) && met.Count <= MaxModules)
        {
            modules.Add(memory, layout, unchecked(next - layout.List), format);
            at = next;
        }

        if (!memory.TryReadUInt64(at, out ulong end) || end != list)
            modules.AddProblem("the list of modules does not end where it began");

        return modules;
    }

    /// <summary>Finds the entry that counts for an address; null when no module has code there.</summary>
    public OrcEntry? Find(ulong address)
    {
        foreach ((ulong start, ulong end, OrcTable table) in _tables)
        {
            // An entry of other memory of the module says nothing of this one.
            if (address >= start && address < end)
                return table.Find(address, out ulong first) is { } entry && first >= start ? entry : null;
        }

        return null;
    }

    /// <summary>Lists the entries of all with the ranges of code that they count for.</summary>
    public IEnumerable<(ulong Start, ulong End, OrcEntry Entry)> List()
    {
        foreach ((ulong start, ulong end, OrcTable table) in _tables)
        {
            foreach ((ulong first, ulong behind, OrcEntry entry) in table.List())
            {
                if (first >= start && first < end)
                    yield return (first, Math.Min(behind, end), entry);
            }

            // A module's table has no entry that ends it.
            if (table.Last >= start && table.Last < end && table.Find(table.Last, out _) is { } last)
                yield return (table.Last, end, last);
        }
    }

    private void Add(IMemoryReader memory, OrcModuleLayout layout, ulong module, OrcFormat format)
    {
        if (
            !memory.TryReadUInt64(unchecked(module + layout.Entries), out ulong entries)
            || !memory.TryReadUInt64(unchecked(module + layout.Addresses), out ulong addresses)
            || !memory.TryReadUInt32(unchecked(module + layout.Count), out uint count)
        )
        {
            AddProblem("a module can't be read");
            return;
        }

        if (entries == 0 || addresses == 0 || count == 0)
            return; // it has no code, or was not linked yet

        string? problem = count > MaxModuleEntries || count > _room ? $"it has {count} entries" : null;
        OrcTable? table = problem is null
            ? OrcTable.Read(memory, addresses, entries, count, format, out problem)
            : null;
        if (table is null)
        {
            AddProblem($"of the module at 0x{module:x}, {problem}");
            return;
        }

        _room -= count;
        foreach ((ulong start, ulong size) in layout.Code)
        {
            if (
                memory.TryReadUInt64(unchecked(module + start), out ulong code)
                && memory.TryReadUInt32(unchecked(module + size), out uint length)
                && code != 0
                && length != 0
                && code <= ulong.MaxValue - length
            )
                _tables.Add((code, code + length, table));
        }
    }

    private void AddProblem(string problem) => Problem ??= $"tables of modules for unwinding (ORC): {problem}";
}
