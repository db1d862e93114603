using System.Globalization;
using Osprey.Guests;
using Osprey.Guests.Programs;
using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Compounds;
using Osprey.Symbols.Types.Variables;

namespace Osprey.Session.Guests.Programs;

/// <summary>
/// The types of a kernel and its modules without debug info, as the kernel describes them itself in the guest's memory.
/// They are searched for when the first name is asked for; those of modules when the kernel itself has no such name.
/// </summary>
internal sealed class KernelTypes : ITypeSource
{
    private readonly Lazy<GuestKernelTypes?> _found;
    private readonly ModuleTypes _modules;
    private readonly SortedSet<string> _used = new(StringComparer.Ordinal);
    private bool _isUsed;

    /// <param name="os">The guest's system.</param>
    /// <param name="findSymbol">Gives the run-time address of a symbol; null when there is none.</param>
    /// <param name="hasDebugInfo">
    /// True when the kernel's debug info is here, so that only modules are worth a note.
    /// </param>
    public KernelTypes(IGuestTypes os, Func<string, ulong?> findSymbol, bool hasDebugInfo)
        : this(new Lazy<GuestKernelTypes?>(() => os.FindTypes(findSymbol)), new ModuleTypes(), hasDebugInfo) { }

    private KernelTypes(Lazy<GuestKernelTypes?> found, ModuleTypes modules, bool hasDebugInfo) =>
        (_found, _modules, HasDebugInfo) = (found, modules, hasDebugInfo);

    /// <summary>Finds the types of modules, given the kernel's own; nothing before it is set.</summary>
    public Func<GuestKernelTypes, GuestList<GuestKernelTypes>>? FindModules
    {
        set => _modules.Find = value;
    }

    /// <summary>True when the kernel's debug info is here, so that these are the types of its modules.</summary>
    public bool HasDebugInfo { get; }

    /// <summary>
    /// The kernel's types alone, for our own walks through it: they are not worth a note, and ask for what many kernels
    /// lack, which is not to read the types of all modules.
    /// </summary>
    public KernelTypes WithoutNote() => new(_found, new ModuleTypes(), HasDebugInfo);

    /// <summary>Notes for the user once answers came from here; none before.</summary>
    public IEnumerable<string> Notes
    {
        get
        {
            if (_isUsed && !HasDebugInfo && _found.Value is { } found)
                yield return string.Create(
                    CultureInfo.InvariantCulture,
                    $"types are those that the kernel has in memory ({found.Format}, {found.Size / 1024} KiB at "
                        + $"0x{found.Address:x}): its debug info is not here"
                );

            if (_used.Count > 0)
                yield return $"types of {string.Join(", ", _used)} are those that the kernel has in memory";

            if (_used.Count > 0 || _isUsed)
            {
                foreach (string defect in _modules.Defects)
                    yield return defect;
            }
        }
    }

    /// <summary>True when the kernel has types in memory. They are searched for at the first call.</summary>
    public bool IsFound => _found.Value is not null;

    /// <summary>True: kernels that describe their types are in C.</summary>
    public bool IsC => true;

    public DebugType? FindType(string name) =>
        Find(types => types.FindType(name), found => found is CompoundType { IsDeclaration: true });

    public DebugVariable? FindVariable(string name) => Find(types => types.FindVariable(name));

    public (EnumType Type, Enumerator Enumerator)? FindEnumerator(string name) =>
        Find<(EnumType, Enumerator)?>(types => types.FindEnumerator(name));

    public DebugFunction? FindFunction(string name) => Find(types => types.FindFunction(name));

    public IReadOnlyList<DebugScope> FindScopes(ulong linkAddress) => [];

    /// <summary>Asks the kernel's types, then those of its modules.</summary>
    /// <param name="ask">Asks one source.</param>
    /// <param name="isPoor">True for an answer that another one is better than: a type that is only declared.</param>
    private T? Find<T>(Func<ITypeSource, T?> ask, Func<T, bool>? isPoor = null)
    {
        if (_found.Value is not { } own)
            return default;

        T? answer = ask(own.Types);
        if (answer is not null && isPoor?.Invoke(answer) != true)
        {
            _isUsed = true;
            return answer;
        }

        foreach (GuestKernelTypes module in _modules.List(own))
        {
            if (ask(module.Types) is { } found && isPoor?.Invoke(found) != true)
            {
                _used.Add(module.Module ?? "a module");
                return found;
            }
        }

        _isUsed |= answer is not null;
        return answer;
    }

    /// <summary>The types of the modules, which are searched for once.</summary>
    private sealed class ModuleTypes
    {
        private IReadOnlyList<GuestKernelTypes>? _list;

        public Func<GuestKernelTypes, GuestList<GuestKernelTypes>>? Find { get; set; }

        public IReadOnlyList<string> Defects { get; private set; } = [];

        public IReadOnlyList<GuestKernelTypes> List(GuestKernelTypes own)
        {
            if (_list is not null || Find is not { } find)
                return _list ?? [];

            // The search asks for types itself: those of the kernel, never those that it is to find.
            _list = [];
            (_list, Defects) = find(own);
            return _list;
        }
    }
}
