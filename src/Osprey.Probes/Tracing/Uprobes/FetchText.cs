using System.Globalization;
using Osprey.Probes.Operands;

namespace Osprey.Probes.Tracing.Uprobes;

/// <summary>Puts operands into the words in which the kernel is told what to fetch.</summary>
/// <remarks>
/// Source: Documentation/trace/uprobetracer.rst of Linux. A register is <c>%di</c>, memory <c>+8(%sp)</c>, an address
/// <c>@0x1234</c>. There is no index, no segment and no vector register.
/// </remarks>
internal static class FetchText
{
    private static readonly string[] s_registers =
    [
        "ax",
        "dx",
        "cx",
        "bx",
        "si",
        "di",
        "bp",
        "sp",
        "r8",
        "r9",
        "r10",
        "r11",
        "r12",
        "r13",
        "r14",
        "r15",
    ];

    /// <summary>What fetches the value of an argument; null when the kernel can't.</summary>
    public static string? Of(ProbeArgument argument, ulong? symbolAddress)
    {
        switch (argument.Operand)
        {
            case ProbeOperand.Register { Shift: 0, Size: 8 } register when register.Number < s_registers.Length:
                return "%" + s_registers[register.Number];
            case ProbeOperand.Memory { Index: -1, Segment: null } memory:
                if (memory is { Symbol: not null, Base: -1 or X86RegisterNames.ProgramCounter64 })
                    return symbolAddress is { } address
                        ? string.Create(
                            CultureInfo.InvariantCulture,
                            $"@0x{unchecked(address + (ulong)memory.Displacement):x}"
                        )
                        : null;

                return memory.Symbol is null && memory.Base >= 0 && memory.Base < s_registers.Length
                    ? At("%" + s_registers[memory.Base], memory.Displacement)
                    : null;
            default:
                return null;
        }
    }

    /// <summary>What fetches memory at a fetched address plus an offset.</summary>
    public static string At(string fetch, long offset) =>
        string.Create(CultureInfo.InvariantCulture, $"{(offset < 0 ? "" : "+")}{offset}({fetch})");
}
