using System.Diagnostics.CodeAnalysis;
using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Compounds;

namespace Osprey.Values;

/// <summary>
/// An object or value of a guest: its type and where it is. Nothing of it is read before that is asked for.
/// </summary>
/// <remarks>
/// What can't be read is said by a <see cref="ValueProblem"/>, or by false or null where the method says so: never by a
/// zero. References are followed by what looks into a value: members, elements, numbers.
/// </remarks>
public sealed partial class Value
{
    /// <summary>Most bytes that <see cref="Fetch"/> reads at once.</summary>
    public const int MaxFetch = 1 << 16;

    private readonly ValueStorage _storage;
    private readonly ulong _offset;

    internal Value(ValueSpace space, DebugType? type, ValueStorage storage, ulong offset = 0, MemberBits? bits = null)
    {
        Space = space;
        Type = type;
        _storage = storage;
        _offset = offset;
        Bits = bits;
    }

    /// <summary>What it is read from.</summary>
    public ValueSpace Space { get; }

    /// <summary>Its type; null for void, or when debug info does not say.</summary>
    public DebugType? Type { get; }

    /// <summary>Which bits it takes, of a bit field; else null.</summary>
    public MemberBits? Bits { get; }

    /// <summary>Its address; null when it is not in memory, as a number that was computed.</summary>
    public ulong? Address => _storage is ValueStorage.Memory memory ? unchecked(memory.Address + _offset) : null;

    /// <summary>Its size in bytes; null when that is not known.</summary>
    public ulong? Size => Space.GetSize(Type);

    /// <summary>Its type behind typedefs and qualifiers, complete if any module has it complete.</summary>
    public DebugType? ResolvedType => Space.Resolve(Type);

    /// <summary>Why its bytes can't be had; null when they can. Reads at most <see cref="MaxFetch"/> bytes.</summary>
    public ValueProblem? Problem
    {
        get
        {
            if (ResolvedType is FunctionType)
                return null;

            if (Size is not { } size)
                return ProblemOfStorage ?? ValueProblem.NoSize(TypeNames.Spell(Type));

            return ReadBytes(new byte[(int)Math.Min(size, MaxFetch)]);
        }
    }

    /// <summary>
    /// Why nothing of it can be had; null when some part of it may, as of a struct whose fields are in different
    /// places.
    /// </summary>
    internal ValueProblem? ProblemOfWhole
    {
        get
        {
            if (_storage is ValueStorage.Pieces pieces)
                return pieces.FindProblemOfAll(_offset, Size ?? 0);

            return
                Size is > 0 and var size
                && ReadBytes(new byte[1]) is { } problem
                && At(size - 1, null).ReadBytes(new byte[1]) is not null
                ? problem
                : null;
        }
    }

    private ValueProblem? ProblemOfStorage => (_storage as ValueStorage.Missing)?.Problem;

    /// <summary>
    /// Copies its first bytes, all that were asked for or none. Of a bit field, the bytes that hold it.
    /// </summary>
    /// <returns>Why it can't; null when it could.</returns>
    public ValueProblem? ReadBytes(Span<byte> buffer) => _storage.Read(Space.Memory, _offset, buffer);

    /// <summary>The same value, with its bytes read now and at once, so that its parts are of one moment.</summary>
    /// <returns>
    /// This value when it is not in memory, not readable as a whole, or larger than <see cref="MaxFetch"/>.
    /// </returns>
    public Value Fetch()
    {
        if (Address is not { } address || Size is not (> 0 and <= MaxFetch and var size))
            return this;

        byte[] bytes = new byte[(int)size];
        return ReadBytes(bytes) is null
            ? new Value(Space, Type, new ValueStorage.Memory(address, bytes), 0, Bits)
            : this;
    }

    /// <summary>The same bytes seen as another type.</summary>
    public Value Reinterpret(DebugType? type) => new(Space, type, _storage, _offset);

    /// <summary>What lies some bytes into it, seen as another type.</summary>
    public Value At(ulong offset, DebugType? type, MemberBits? bits = null) =>
        new(Space, type, _storage, unchecked(_offset + offset), bits);

    /// <summary>What a reference refers to; any other value is given back.</summary>
    public Value Follow()
    {
        Value value = this;
        for (int depth = 0; depth < 8 && value.Type.IsReference; depth++)
            value = value.Dereference();

        return value;
    }

    /// <summary>What a pointer or reference leads to. Nothing is read there yet.</summary>
    /// <returns>A value with a problem when the pointer itself can't be read.</returns>
    public Value Dereference()
    {
        DebugType? target = (Type?.Stripped as PointerType)?.Target;
        return TryReadPointer(out ulong address, out ValueProblem? problem)
            ? Space.At(target, address)
            : Space.Missing(target, problem);
    }

    /// <summary>The address that a pointer, reference or plain number holds; null when it can't be read.</summary>
    /// <remarks>Follows smart pointers and atomics down to the pointer that they hold.</remarks>
    public ulong? AsPointer()
    {
        Value pointer = Type.IsReference ? Follow() : this;
        pointer = Containers.SmartPointers.Unwrap(pointer) ?? pointer;
        if (pointer.ResolvedType is ArrayType or FunctionType)
            return pointer.Address;

        return pointer.TryGetUInt64(out ulong address) ? address : null;
    }

    /// <summary>An element of an array, or of the array that a pointer leads to.</summary>
    /// <returns>Null when it is neither, or the elements' size is not known.</returns>
    public Value? Index(long index)
    {
        Value value = Follow();
        switch (value.ResolvedType)
        {
            case ArrayType array when Space.GetSize(array.Element) is { } size:
                return value.At(unchecked((ulong)index * size), array.Element);
            case PointerType { Kind: PointerKind.Pointer } pointer when Space.GetSize(pointer.Target) is { } size:
                Value first = value.Dereference();
                return first.At(unchecked((ulong)index * size), pointer.Target);
            default:
                return null;
        }
    }

    private bool TryReadPointer(out ulong address, [NotNullWhen(false)] out ValueProblem? problem)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        bytes.Clear();
        problem = ReadBytes(bytes[..(int)Math.Min(Size ?? sizeof(ulong), sizeof(ulong))]);
        address = problem is null ? System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(bytes) : 0;
        return problem is null;
    }
}
