using System.Buffers.Binary;
using Osprey.Symbols.Modules;

namespace Osprey.Target.Architectures.X64;

/// <summary>The call instructions of x86-64.</summary>
internal sealed class X64Calls : ICallInstructions
{
    private const byte CallOpcode = 0xe8; // call rel32

    /// <inheritdoc/>
    public int ShortestCall => 2;

    /// <inheritdoc/>
    public int LongestCall => 8;

    /// <inheritdoc/>
    public int DirectCallSize => 5;

    /// <inheritdoc/>
    public bool EndsWithCall(ReadOnlySpan<byte> bytes) => ReturnAddressCheck.EndsWithX64Call(bytes);

    /// <inheritdoc/>
    public ulong? GetTarget(ReadOnlySpan<byte> bytes, ulong returnAddress) =>
        bytes.Length >= DirectCallSize && bytes[^DirectCallSize] == CallOpcode
            ? unchecked(returnAddress + (ulong)BinaryPrimitives.ReadInt32LittleEndian(bytes[^4..]))
            : null;
}
