using System.Globalization;

namespace Osprey.Guests.Linux.Logs;

/// <summary>The writer of a message: a thread, or a CPU that ran none.</summary>
internal static class PrintkCaller
{
    private const ulong CpuBit = 0x8000_0000;

    /// <summary>Formats it as the kernel does: <c>T1</c> for thread 1, <c>C0</c> for CPU 0.</summary>
    public static string Format(ulong caller) =>
        string.Create(CultureInfo.InvariantCulture, $"{((caller & CpuBit) == 0 ? 'T' : 'C')}{caller & (CpuBit - 1)}");
}
