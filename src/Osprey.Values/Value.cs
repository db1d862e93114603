using System.Diagnostics.CodeAnalysis;
using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Compounds;

namespace Osprey.Values;

/// <summary>
/// A value in a guest: a type and a place. Its bytes are read only when a method needs them.
/// </summary>
/// <remarks>
/// When bytes cannot be read, the result is a <see cref="ValueProblem"/>, or false or null where the method says so; it
/// is never 0. Methods that look into a value (members, elements, numbers) follow references.
/// </remarks>
public sealed partial class Value
{
    /// <summary>The largest value that <see cref="Fetch"/> reads, in bytes.</summary>
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

    /// <summary>The memory from which the value is read, and the modules of its types.</summary>
    public ValueSpace Space { get; }

    /// <summary>The value's type; null for void, or when debug info does not say.</summary>
    public DebugType? Type { get; }

    /// <summary>The bits of a bit field; null for other values.</summary>
    public MemberBits? Bits { get; }

    /// <summary>The value's address; null when it is not in memory, such as the result of a computation.</summary>
    public ulong? Address => _storage is ValueStorage.Memory memory ? unchecked(memory.Address + _offset) : null;

    /// <summary>The value's size in bytes; null when it is not known.</summary>
    public ulong? Size => Space.GetSize(Type);

    /// <summary>The type without typedefs and qualifiers, and complete if any module has a complete one.</summary>
    public DebugType? ResolvedType => Space.Resolve(Type);

    /// <summary>
    /// The reason why the bytes cannot be read; null when they can. Reads at most <see cref="MaxFetch"/> bytes.
    /// </summary>
    public ValueProblem? Problem
    {
        get
        {
            if (ResolvedType is FunctionType)
                return null;

            if (Size is not { } size)
                return ProblemOfSize;

            return ReadBytes(new byte[(int)Math.Min(size, MaxFetch)]);
        }
    }

    /// <summary>The problem of a value whose size is not known.</summary>
    private ValueProblem ProblemOfSize =>
        ProblemOfStorage
        ?? (
            Expressions.NameResolver.IsUntyped(Type) ? ValueProblem.Untyped : ValueProblem.NoSize(TypeNames.Spell(Type))
        );

    /// <summary>
    /// The reason why no part of the value can be read; null when some part may be readable, as in a struct whose
    /// members are in different places.
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
    /// Copies the value's first bytes, as many as the buffer holds. For a bit field, the bytes that contain it.
    /// </summary>
    /// <returns>The reason why not all of them can be read; null when they were copied.</returns>
    public ValueProblem? ReadBytes(Span<byte> buffer) => _storage.Read(Space.Memory, _offset, buffer);

    /// <summary>Reads the value's bytes now, in one read, so that all its parts are from one moment.</summary>
    /// <returns>
    /// The same value with its bytes; this value unchanged when it is not in memory, cannot be read completely, or is
    /// larger than <see cref="MaxFetch"/>.
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

    /// <summary>Returns the same bytes as a value of another type.</summary>
    public Value Reinterpret(DebugType? type) => new(Space, type, _storage, _offset);

    /// <summary>Returns a value of another type at an offset, in bytes, in this value.</summary>
    public Value At(ulong offset, DebugType? type, MemberBits? bits = null) =>
        new(Space, type, _storage, unchecked(_offset + offset), bits);

    /// <summary>Follows a reference to its target; returns any other value unchanged.</summary>
    public Value Follow()
    {
        Value value = this;
        for (int depth = 0; depth < 8 && value.Type.IsReference; depth++)
            value = value.Dereference();

        return value;
    }

    /// <summary>Follows a pointer or reference to its target. Reads the pointer, not the target.</summary>
    /// <returns>The target; a value with a problem when the pointer itself cannot be read.</returns>
    public Value Dereference()
    {
        DebugType? target = (Type?.Stripped as PointerType)?.Target;
        return TryReadPointer(out ulong address, out ValueProblem? problem)
            ? Space.At(target, address)
            : Space.Missing(target, problem);
    }

    /// <summary>Reads the address in a pointer, reference or plain number; null when it cannot be read.</summary>
    /// <remarks>For smart pointers and atomics, reads the pointer in them.</remarks>
    public ulong? AsPointer()
    {
        Value pointer = Type.IsReference ? Follow() : this;
        pointer = Containers.SmartPointers.Unwrap(pointer) ?? pointer;
        if (pointer.ResolvedType is ArrayType { IsVector: false } or FunctionType)
            return pointer.Address;

        return pointer.TryGetUInt64(out ulong address) ? address : null;
    }

    /// <summary>
    /// Gets an element of an array, or of the array that a pointer leads to. Does not check the index.
    /// </summary>
    /// <returns>Null when the value is neither, or the size of the elements is not known.</returns>
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
