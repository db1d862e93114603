using System.Globalization;
using System.Text.RegularExpressions;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Memory;
using Osprey.Tests.Guests.Qmp;

namespace Osprey.Tests.Guests;

/// <summary>What QEMU's own monitor says about a vCPU: an opinion that is nobody else's.</summary>
internal sealed partial class QemuCpu(QmpClient qmp, int cpu)
{
    /// <summary>The general registers, and the bases of fs and gs.</summary>
    public RegisterSet ReadRegisters()
    {
        string text = qmp.Monitor("info registers", cpu);
        var registers = new RegisterSet(X64Architecture.Instance);
        foreach (Match match in GeneralRegister().Matches(text))
        {
            if (X64Architecture.Instance.FindRegister(match.Groups[1].Value.Trim()) is { } register)
                registers[register] = Hex(match.Groups[2].Value);
        }

        foreach (Match match in SegmentBase().Matches(text))
            registers[match.Groups[1].Value == "FS" ? X64Register.FsBase : X64Register.GsBase] = Hex(
                match.Groups[2].Value
            );

        return registers;
    }

    /// <summary>Where its page tables have an address; null where they have nothing.</summary>
    public PhysicalAddress? Translate(ulong address)
    {
        string text = qmp.Monitor($"gva2gpa 0x{address:x}", cpu).Trim();
        return text.StartsWith("gpa: 0x", StringComparison.Ordinal) ? new PhysicalAddress(Hex(text[7..])) : null;
    }

    private static ulong Hex(string digits) =>
        ulong.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\b(R[A-Z0-9]{1,2} ?|CR[0348])=([0-9a-f]{8,16})")]
    private static partial Regex GeneralRegister();

    [GeneratedRegex(@"^([FG]S) =[0-9a-f]+ ([0-9a-f]+)", RegexOptions.Multiline)]
    private static partial Regex SegmentBase();
}
