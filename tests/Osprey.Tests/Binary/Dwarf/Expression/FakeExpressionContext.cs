using System.Buffers.Binary;
using Osprey.Binary.Dwarf.Expression;

namespace Osprey.Tests.Binary.Dwarf.Expression;

/// <summary>A frame with the registers and memory that a test gives it.</summary>
internal sealed class FakeExpressionContext : IExpressionContext
{
    public Dictionary<int, ulong> Registers { get; } = [];

    public Dictionary<ulong, ulong> Memory { get; } = [];

    public Dictionary<ulong, ExpressionType> Types { get; } = [];

    public Dictionary<ulong, byte[]> Procedures { get; } = [];

    public ulong? FrameBase { get; init; }

    public ulong? Cfa { get; init; }

    public ulong Bias { get; init; }

    public bool TryReadRegister(int dwarfRegister, out ulong value) => Registers.TryGetValue(dwarfRegister, out value);

    public bool TryReadMemory(ulong address, Span<byte> buffer)
    {
        Span<byte> bytes = stackalloc byte[8];
        bool isThere = Memory.TryGetValue(address, out ulong value);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        bytes[..buffer.Length].CopyTo(buffer);
        return isThere;
    }

    public ulong ToAddress(ulong linkAddress) => unchecked(linkAddress + Bias);

    public bool TryGetFrameBase(out ulong value, out string? reason) => Give(FrameBase, out value, out reason);

    public bool TryGetCanonicalFrameAddress(out ulong value, out string? reason) => Give(Cfa, out value, out reason);

    public bool TryGetThreadLocalAddress(ulong offset, out ulong address, out string? reason) =>
        Give(unchecked(0x7000 + offset), out address, out reason);

    public bool TryGetAddressAt(ulong index, out ulong linkAddress, out string? reason) =>
        Give(unchecked(index * 0x10), out linkAddress, out reason);

    public bool TryGetEntryValue(ReadOnlyMemory<byte> expression, out ulong value, out string? reason) =>
        Give(expression.Span is [0x55] ? 99 : null, out value, out reason);

    public bool TryGetBaseType(ulong unitOffset, out ExpressionType type) => Types.TryGetValue(unitOffset, out type);

    public bool TryGetProcedure(ulong offset, bool isUnitRelative, out ReadOnlyMemory<byte> expression)
    {
        bool isThere = Procedures.TryGetValue(offset, out byte[]? bytes);
        expression = bytes;
        return isThere;
    }

    private static bool Give(ulong? known, out ulong value, out string? reason)
    {
        value = known ?? 0;
        reason = null;
        return known is not null;
    }
}
