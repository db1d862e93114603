using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Compounds;
using Osprey.Symbols.Types.Variables;
using Osprey.Target.Architectures;
using Osprey.Target.Memory;
using Osprey.Values.Containers;
using Osprey.Values.Expressions;

namespace Osprey.Values;

/// <summary>The guest's memory, with the modules that give it names and types. Values are read from it.</summary>
/// <remarks>Only one thread may use it at a time.</remarks>
/// <param name="memory">The guest's memory.</param>
/// <param name="modules">The modules in which names are looked up, most important first; null for none.</param>
/// <param name="names">The names of addresses; null for none.</param>
/// <param name="readers">The readers of library types; null for the standard ones.</param>
public sealed class ValueSpace(
    IMemoryReader memory,
    IEnumerable<ValueModule>? modules = null,
    IAddressNames? names = null,
    ContainerReaders? readers = null
)
{
    private readonly Dictionary<DebugType, DebugType> _complete = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, DebugType?> _named = [];
    private BaseType? _truthType;

    /// <summary>The guest's memory.</summary>
    public IMemoryReader Memory => memory;

    /// <summary>The guest's architecture.</summary>
    public Architecture Architecture { get; init; } = KnownArchitectures.All[0];

    /// <summary>
    /// The modules in which names are looked up, most important first. They may be found out while they are enumerated.
    /// </summary>
    public IEnumerable<ValueModule> Modules { get; } = modules ?? [];

    /// <summary>The names of addresses; null for none.</summary>
    public IAddressNames? Names => names;

    /// <summary>What only the guest's operating system can answer in expressions; null for nothing.</summary>
    public ISystemWords? SystemWords { get; init; }

    /// <summary>The readers of library types.</summary>
    public ContainerReaders Readers { get; } = readers ?? ContainerReaders.Standard;

    private BaseType TruthType =>
        _truthType ??= Modules.FirstOrDefault() is { Types.IsC: true } ? BuiltinTypes.Int : BuiltinTypes.Bool;

    /// <summary>Makes the value of a type at an address. Reads nothing.</summary>
    public Value At(DebugType? type, ulong address) => new(this, type, new ValueStorage.Memory(address));

    /// <summary>Makes a value from its bytes, as they would be in memory.</summary>
    public Value FromBytes(DebugType? type, ReadOnlyMemory<byte> bytes) =>
        new(this, type, new ValueStorage.Bytes(bytes));

    /// <summary>Makes a number of a type of up to 16 bytes; drops the bits that do not fit.</summary>
    public Value FromInteger(DebugType type, Int128 value)
    {
        byte[] bytes = new byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteInt128LittleEndian(bytes, value);
        return FromBytes(type, bytes.AsMemory(0, (int)Math.Min(type.Size ?? 8, 16)));
    }

    /// <summary>Makes the result of a comparison: an <c>int</c> in a C program, else a <c>bool</c>.</summary>
    public Value FromTruth(bool value) => FromInteger(TruthType, value ? 1 : 0);

    /// <summary>Makes a pointer to a type; null means void.</summary>
    public Value FromPointer(DebugType? target, ulong address) => FromInteger(BuiltinTypes.PointerTo(target), address);

    /// <summary>Makes a value that is not available, with the reason.</summary>
    public Value Missing(DebugType? type, ValueProblem problem) => new(this, type, new ValueStorage.Missing(problem));

    /// <summary>
    /// Finds a type by its qualified name in all modules; null when none has it. Prefers a complete type to one that is
    /// only declared.
    /// </summary>
    public DebugType? FindType(string name)
    {
        if (_named.TryGetValue(name, out DebugType? known))
            return known;

        DebugType? found = null;
        foreach (ValueModule module in Modules)
        {
            DebugType? type = module.Types.FindType(name);
            found = found is null || (found is CompoundType { IsDeclaration: true } && type is not null) ? type : found;
            if (found is not (null or CompoundType { IsDeclaration: true }))
                break;
        }

        _named[name] = found;
        return found;
    }

    /// <summary>
    /// Gets the type without typedefs and qualifiers. If it is only declared, looks for a complete one in all modules.
    /// </summary>
    public DebugType? Resolve(DebugType? type)
    {
        type = type?.Stripped;
        if (type is not CompoundType { IsDeclaration: true, Name: not null })
            return type;

        if (!_complete.TryGetValue(type, out DebugType? complete))
            _complete[type] = complete = FindType(TypeNames.Spell(type))?.Stripped ?? type;

        return complete;
    }

    /// <summary>Gets a type's size in bytes; null when no module knows it.</summary>
    public ulong? GetSize(DebugType? type) =>
        Resolve(type) switch
        {
            null => null,
            ArrayType { Count: { } count } array => GetSize(array.Element) is { } size
            && Math.BigMul(count, size) <= ulong.MaxValue
                ? count * size
                : null,
            { } known => known.Size,
        };

    /// <summary>Finds a global, static member or constant by its qualified name; null when no module has it.</summary>
    public Value? FindVariable(string name)
    {
        DebugVariable? declared = null;
        foreach (ValueModule module in Modules)
        {
            if (module.Types.FindVariable(name) is not { } variable)
                continue;

            if (variable.Location is not VariableLocation.None)
                return VariableReader.Read(this, module, variable);

            declared = variable;
        }

        return declared is null ? null : Missing(declared.Type, VariableReader.NoLocation);
    }

    /// <summary>Finds an enumerator by name, as a value of its enumeration; null when no module has it.</summary>
    public Value? FindEnumerator(string name)
    {
        foreach (ValueModule module in Modules)
        {
            if (module.Types.FindEnumerator(name) is { } found)
                return FromInteger(found.Type, found.Enumerator.Value);
        }

        return null;
    }

    /// <summary>
    /// Finds a function by its qualified name, as a value at its entry; null when no module has it.
    /// </summary>
    public Value? FindFunction(string name)
    {
        foreach (ValueModule module in Modules)
        {
            if (module.Types.FindFunction(name) is { } function)
                return At(function.Type, module.Bias.ToAddress(function.LinkAddress));
        }

        return null;
    }
}
