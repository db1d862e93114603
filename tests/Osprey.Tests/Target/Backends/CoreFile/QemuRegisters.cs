using System.Globalization;
using System.Text.RegularExpressions;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;

namespace Osprey.Tests.Target.Backends.CoreFile;

/// <summary>Registers as QEMU's monitor prints them.</summary>
internal static partial class QemuRegisters
{
    public static RegisterSet Parse(string text)
    {
        var registers = new RegisterSet(X64Architecture.Instance);
        foreach (Match match in Value().Matches(text))
        {
            string name = match.Groups[1].Value;
            if (name is "RFL" or "EFL")
                name = "rflags";
            else if (name.Length == 3 && name[0] == 'E' && name != "EFER")
                name = "R" + name[1..];

            if (X64Architecture.Instance.FindRegister(name) is { } register)
                registers[register] = ParseHex(match.Groups[2].Value);
        }

        foreach (Match match in Segment().Matches(text))
        {
            Register selector = X64Architecture.Instance.FindRegister(match.Groups[1].Value)!;
            registers[selector] = ParseHex(match.Groups[2].Value);
            if (selector == X64Register.Fs)
                registers[X64Register.FsBase] = ParseHex(match.Groups[3].Value);
            else if (selector == X64Register.Gs)
                registers[X64Register.GsBase] = ParseHex(match.Groups[3].Value);
        }

        return registers;
    }

    private static ulong ParseHex(string text) =>
        ulong.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\b(R[A-Z0-9]{1,3}|E[A-Z]{2}|EFER|CR[0234]) *=([0-9a-f]+)")]
    private static partial Regex Value();

    [GeneratedRegex(@"\b([CDEFGS]S) =([0-9a-f]{4}) ([0-9a-f]+) ")]
    private static partial Regex Segment();
}
