using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Compounds;
using Osprey.Symbols.Types.Variables;
using Osprey.Target.Memory;

namespace Osprey.Values;

/// <summary>What values are read from: a guest's memory, and the modules that give it names and types.</summary>
/// <remarks>Used from one thread at a time.</remarks>
/// <param name="memory">The guest's memory.</param>
/// <param name="modules">Whose names count, the most important module first; null for none.</param>
/// <param name="names">Names for addresses; null for none.</param>
public sealed class ValueSpace(
    IMemoryReader memory,
    IReadOnlyList<ValueModule>? modules = null,
    IAddressNames? names = null
)
{
    private readonly Dictionary<DebugType, DebugType> _complete = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, DebugType?> _named = [];
    private BaseType? _truthType;

    /// <summary>The guest's memory.</summary>
    public IMemoryReader Memory => memory;

    /// <summary>Whose names count, the most important module first.</summary>
    public IReadOnlyList<ValueModule> Modules { get; } = modules ?? [];

    /// <summary>Names for addresses; null for none.</summary>
    public IAddressNames? Names => names;

    private BaseType TruthType =>
        _truthType ??= Modules.Count > 0 && Modules[0].Types.IsC ? BuiltinTypes.Int : BuiltinTypes.Bool;

    /// <summary>The object of a type at an address. Nothing is read yet.</summary>
    public Value At(DebugType? type, ulong address) => new(this, type, new ValueStorage.Memory(address));

    /// <summary>A value by its bytes, as they would lie in memory.</summary>
    public Value FromBytes(DebugType? type, ReadOnlyMemory<byte> bytes) =>
        new(this, type, new ValueStorage.Bytes(bytes));

    /// <summary>A number of a type of up to 16 bytes; what does not fit is cut off.</summary>
    public Value FromInteger(DebugType type, Int128 value)
    {
        byte[] bytes = new byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteInt128LittleEndian(bytes, value);
        return FromBytes(type, bytes.AsMemory(0, (int)Math.Min(type.Size ?? 8, 16)));
    }

    /// <summary>What a comparison gives: an <c>int</c> in a program in C, else a <c>bool</c>.</summary>
    public Value FromTruth(bool value) => FromInteger(TruthType, value ? 1 : 0);

    /// <summary>A pointer to a type.</summary>
    public Value FromPointer(DebugType? target, ulong address) => FromInteger(BuiltinTypes.PointerTo(target), address);

    /// <summary>A value that can't be had.</summary>
    public Value Missing(DebugType? type, ValueProblem problem) => new(this, type, new ValueStorage.Missing(problem));

    /// <summary>
    /// A type by its qualified name in any of the modules; a complete one before one that is only declared.
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
    /// The type behind typedefs and qualifiers, and for one that is only declared there, the complete one of another
    /// place.
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

    /// <summary>A type's size in bytes; null when no module knows it.</summary>
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

    /// <summary>A global, static member or constant by its qualified name; null when no module has it.</summary>
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

    /// <summary>An enumerator by its name, as a value of its enumeration; null when no module has it.</summary>
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
    /// A function by its qualified name, as a value of its type at its entry; null when no module has it.
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
