using System.Buffers.Binary;
using Osprey.Binary.Elf;

namespace Osprey.Symbols.Modules;

/// <summary>
/// Checks that the instruction before an address is a call. When most return addresses of a trace have no call before
/// them, the ELF file is not the one that ran.
/// </summary>
public static class ReturnAddressCheck
{
    private const int LongestCall = 8;

    /// <summary>Checks the bytes before a return address in an ELF file.</summary>
    /// <param name="image">The file.</param>
    /// <param name="linkReturnAddress">The return address, as a link-time address.</param>
    /// <returns>
    /// True when a call is there; null when the file has no bytes there, or is for a processor whose calls are not
    /// known here.
    /// </returns>
    public static bool? IsAfterCall(ElfImage image, ulong linkReturnAddress)
    {
        Span<byte> buffer = stackalloc byte[LongestCall];
        for (int size = LongestCall; size > 0; size--)
        {
            if (linkReturnAddress < (ulong)size)
                continue;

            Span<byte> bytes = buffer[..size];
            if (image.ReadLoaded(linkReturnAddress - (ulong)size, bytes) != size)
                continue;

            return image.Machine switch
            {
                ElfMachine.X64 => EndsWithX64Call(bytes),
                ElfMachine.Arm64 => EndsWithArm64Call(bytes),
                _ => null,
            };
        }

        return null;
    }

    /// <summary>
    /// True when bytes can end with a call instruction of x86-64: <c>e8</c> with 32 bits, or <c>ff /2</c> in any
    /// length.
    /// </summary>
    public static bool EndsWithX64Call(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= 5 && bytes[^5] == 0xe8)
            return true;

        for (int size = 2; size <= 7 && size <= bytes.Length; size++)
        {
            ReadOnlySpan<byte> call = bytes[^size..];
            if (call[0] == 0xff && ((call[1] >> 3) & 7) == 2 && GetX64OperandSize(call[1..]) == size - 1)
                return true;
        }

        return false;
    }

    /// <summary>
    /// True when bytes end with a call instruction of AArch64: <c>bl</c>, <c>blr</c> or one of the authenticated forms.
    /// </summary>
    internal static bool EndsWithArm64Call(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 4)
            return false;

        uint word = BinaryPrimitives.ReadUInt32LittleEndian(bytes[^4..]);
        bool isDirect = (word & 0xfc00_0000) == 0x9400_0000; // bl
        bool isIndirect = (word & 0xffff_fc1f) == 0xd63f_0000; // blr
        bool isAuthenticated = (word & 0xfeff_f800) == 0xd63f_0800; // blraa, blrab and those without modifier
        return isDirect || isIndirect || isAuthenticated;
    }

    /// <summary>
    /// Returns the size of a ModRM byte with the bytes that belong to it; 0 when they are not all there.
    /// </summary>
    private static int GetX64OperandSize(ReadOnlySpan<byte> bytes)
    {
        int mode = bytes[0] >> 6;
        int register = bytes[0] & 7;
        if (mode == 3)
            return 1;

        int size = 1;
        if (register == 4)
        {
            if (bytes.Length < 2)
                return 0;

            size++;
            if (mode == 0 && (bytes[1] & 7) == 5)
                return size + 4;
        }
        else if (mode == 0 && register == 5)
        {
            return size + 4;
        }

        return mode switch
        {
            1 => size + 1,
            2 => size + 4,
            _ => size,
        };
    }
}
