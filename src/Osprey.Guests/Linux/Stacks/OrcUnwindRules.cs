using Osprey.Symbols.Types;
using Osprey.Target;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Memory;
using Osprey.Target.Unwinding.Rules;

namespace Osprey.Guests.Linux.Stacks;

/// <summary>The rules of a Linux kernel for its own stacks: its table of ORC, and those of its modules.</summary>
/// <remarks>
/// The kernel's table is read when the first address in the kernel is asked for, and kept: nothing writes to it after
/// boot. The modules' are read again once the guest may have run.
/// </remarks>
/// <param name="getMemory">Gives memory as the kernel sees it.</param>
/// <param name="getGeneration">Gives a number that is another once the guest may have run.</param>
/// <param name="findSymbol">Gives the run-time address of a symbol; null when there is none.</param>
/// <param name="findType">Gives a type of the kernel by name; null when there is none.</param>
internal sealed class OrcUnwindRules(
    Func<IMemoryReader> getMemory,
    Func<long> getGeneration,
    Func<string, ulong?> findSymbol,
    Func<string, DebugType?> findType
) : IUnwindRuleSource
{
    /// <summary>More different entries than any kernel has: a few thousand are usual.</summary>
    private const int MaxKeptRules = 1 << 16;

    private readonly Dictionary<OrcEntry, UnwindRule?> _rules = [];
    private OrcTable? _kernel;
    private OrcModules? _modules;
    private long _modulesGeneration;
    private bool _isRead;

    public string? Problem { get; private set; }

    public UnwindRule? FindRule(ulong address)
    {
        if (address < LinuxDetector.ImageRangeStart || GetKernel() is not { } kernel)
            return null;

        OrcEntry? entry =
            address >= kernel.First && address < kernel.Last
                ? kernel.Find(address, out _)
                : GetModules(kernel).Find(address);
        return entry is { } found ? GetRule(found) : null;
    }

    public IEnumerable<UnwindRange> ListRanges()
    {
        if (GetKernel() is not { } kernel)
            yield break;

        foreach ((ulong start, ulong end, OrcEntry entry) in kernel.List().Concat(GetModules(kernel).List()))
            yield return new UnwindRange(start, end, GetRule(entry));
    }

    public string? DescribeOutside(RegisterSet caller) =>
        caller.TryGet(X64Register.Cs, out ulong cs) && (cs & 3) == 3
            ? $"entered from user mode at 0x{caller.ProgramCounter ?? 0:x}"
            : null;

    private UnwindRule? GetRule(OrcEntry entry)
    {
        if (_rules.TryGetValue(entry, out UnwindRule? rule))
            return rule;

        rule = OrcRule.Create(entry);
        if (_rules.Count < MaxKeptRules)
            _rules.Add(entry, rule);

        return rule;
    }

    private OrcModules GetModules(OrcTable kernel)
    {
        long generation = getGeneration();
        if (_modules is null || _modulesGeneration != generation)
        {
            _modules = OrcModules.Read(getMemory(), findSymbol, findType, kernel.Format);
            _modulesGeneration = generation;
            Problem = _modules.Problem;
        }

        return _modules;
    }

    private OrcTable? GetKernel()
    {
        if (_isRead)
            return _kernel;

        _isRead = true;
        string? problem = null;
        try
        {
            _kernel = ReadKernel(out problem);
        }
        catch (TargetException exception)
        {
            problem = exception.Message;
        }

        Problem = problem is null ? null : $"the kernel's table for unwinding (ORC) is not used: {problem}";
        return _kernel;
    }

    private OrcTable? ReadKernel(out string? problem)
    {
        ulong? firstAddress = findSymbol("__start_orc_unwind_ip");
        ulong? endAddress = findSymbol("__stop_orc_unwind_ip");
        ulong? firstEntry = findSymbol("__start_orc_unwind");
        ulong? endEntry = findSymbol("__stop_orc_unwind");
        if (
            firstAddress is not { } addresses
            || endAddress is not { } addressesEnd
            || firstEntry is not { } entries
            || endEntry is not { } entriesEnd
        )
        {
            problem = "no symbol says where it is";
            return null;
        }

        ulong count = unchecked(addressesEnd - addresses) / sizeof(int);
        if (
            count > OrcTable.MaxEntries
            || unchecked(addressesEnd - addresses) % sizeof(int) != 0
            || unchecked(entriesEnd - entries) != count * OrcEntry.Size
        )
        {
            problem = "the symbols around it do not agree on its size";
            return null;
        }

        return OrcTable.Read(getMemory(), addresses, entries, count, null, out problem);
    }
}
