using Osprey.Symbols.Modules;
using Osprey.Target.Memory;

namespace Osprey.Target.Unwinding;

/// <summary>Looks at instructions, in the guest's memory or, where that can't be read, in the files.</summary>
internal sealed class CodeReader(IUnwindModuleSource modules, IMemoryReader memory)
{
    private const int LongestCall = 8;

    // Half of the lower, canonical addresses of four-level paging; kernels have the upper ones.
    private const ulong LowestHole = 0x0000_8000_0000_0000;
    private const ulong HighestHole = 0xffff_7fff_ffff_ffff;

    public static bool IsCanonical(ulong address) => address is < LowestHole or > HighestHole;

    /// <summary>Copies instructions; a short count means that no more can be read.</summary>
    public int Read(ulong address, Span<byte> buffer)
    {
        int count = memory.Read(address, buffer);
        return count > 0 ? count : modules.FindModule(address)?.ReadCode(address, buffer) ?? 0;
    }

    /// <summary>Whether an address can be one that a call returns to: in code, and behind a call.</summary>
    /// <param name="address">The address.</param>
    /// <param name="target">Where that call goes to; 0 when it does not say.</param>
    public bool IsReturnAddress(ulong address, out ulong target)
    {
        target = 0;
        if (address < LongestCall || !IsCanonical(address))
            return false;

        if (modules.FindModule(address - 1) is { } module && !module.IsCode(address - 1))
            return false;

        Span<byte> bytes = stackalloc byte[LongestCall];
        for (int size = LongestCall; size >= 2; size--)
        {
            Span<byte> before = bytes[..size];
            if (Read(address - (ulong)size, before) != size)
                continue;

            if (!ReturnAddressCheck.EndsWithX64Call(before))
                return false;

            if (size >= 5 && before[^5] == 0xe8)
                target = unchecked(address + (ulong)BitConverter.ToInt32(before[^4..]));

            return true;
        }

        return false;
    }
}
