using System.Buffers.Binary;
using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Compounds;
using Osprey.Target.Memory;
using Osprey.Values;

namespace Osprey.Guests.Linux;

/// <summary>
/// A number or pointer that one of the kernel's structs has, at the place that the kernel's types say.
/// </summary>
/// <remarks>
/// Found once, it is read out of thousands of objects without a look at the types. Members of anonymous structs count
/// as those of the struct around them.
/// </remarks>
/// <param name="Offset">Bytes from the start of the struct.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="IsSigned">True when it is a signed number.</param>
internal readonly record struct LinuxField(int Offset, int Size, bool IsSigned)
{
    private const int MaxDepth = 16;
    private const ulong MaxOffset = 1 << 24;

    /// <summary>The first byte behind it.</summary>
    public int End => Offset + Size;

    /// <summary>Finds a member.</summary>
    /// <param name="types">The kernel's types.</param>
    /// <param name="structure">The struct's name: "struct task_struct".</param>
    /// <param name="path">Names of members, each of the struct that the one before is.</param>
    /// <returns>Null when there is no such struct or member.</returns>
    public static LinuxField? Find(ValueSpace types, string structure, params ReadOnlySpan<string> path)
    {
        DebugType? type = types.Resolve(types.FindType(structure));
        ulong offset = 0;
        foreach (string name in path)
        {
            if (FindMember(types, type, name, 0) is not var (place, inner))
                return null;

            offset = unchecked(offset + place);
            type = types.Resolve(inner);
        }

        // An array at a struct's end has no count in debug info, and a count of 0 in the kernel's own description.
        ulong? known = types.Resolve(type) is ArrayType { Count: null } ? 0 : types.GetSize(type);
        return offset <= MaxOffset && known is { } size and <= int.MaxValue / 2
            ? new LinuxField((int)offset, (int)size, IsSignedNumber(type?.Stripped))
            : null;
    }

    /// <summary>Gets it out of a copy of the struct; null when the copy ends before it, or it is no number.</summary>
    public ulong? Get(ReadOnlySpan<byte> structure)
    {
        if (End > structure.Length)
            return null;

        ReadOnlySpan<byte> bytes = structure[Offset..End];
        return Size switch
        {
            1 => IsSigned ? unchecked((ulong)(sbyte)bytes[0]) : bytes[0],
            2 => IsSigned
                ? unchecked((ulong)BinaryPrimitives.ReadInt16LittleEndian(bytes))
                : BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            4 => IsSigned
                ? unchecked((ulong)BinaryPrimitives.ReadInt32LittleEndian(bytes))
                : BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            8 => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
            _ => null,
        };
    }

    /// <summary>Reads it out of the struct at an address; null when it can't be read, or is no number.</summary>
    public ulong? Read(IMemoryReader memory, ulong structure)
    {
        if (Size > sizeof(ulong) || structure > ulong.MaxValue - (ulong)End)
            return null;

        Span<byte> bytes = stackalloc byte[Size];
        return memory.TryRead(structure + (ulong)Offset, bytes) ? (this with { Offset = 0 }).Get(bytes) : null;
    }

    private static bool IsSignedNumber(DebugType? type) =>
        type is EnumType { IsSigned: true } or BaseType { Encoding: BaseEncoding.Signed or BaseEncoding.SignedChar };

    private static (ulong Offset, DebugType Type)? FindMember(
        ValueSpace types,
        DebugType? structure,
        string name,
        int depth
    )
    {
        if (depth > MaxDepth || types.Resolve(structure) is not CompoundType compound)
            return null;

        foreach (Member member in compound.Members)
        {
            if (member.Name == name)
                return member.Bits is null ? (member.Offset, member.Type) : null;

            if (member.Name is null && FindMember(types, member.Type, name, depth + 1) is var (inner, type))
                return (unchecked(member.Offset + inner), type);
        }

        return null;
    }
}
