using System.Globalization;

namespace Osprey.Guests.Linux.Files;

/// <summary>The kernel's numbers of devices in words.</summary>
internal static class LinuxDevice
{
    private const int MinorBits = 20;

    /// <summary>Gives "major:minor" in hexadecimal, as <c>/proc/PID/maps</c> has it.</summary>
    public static string Format(ulong device) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{(uint)device >> MinorBits:x2}:{device & ((1 << MinorBits) - 1):x2}"
        );
}
