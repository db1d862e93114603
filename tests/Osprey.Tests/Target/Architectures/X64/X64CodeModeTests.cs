using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Backends.CoreFile;
using Osprey.Target.Backends.Qemu;
using Osprey.Target.Backends.Qemu.Processes;
using Osprey.Tests.Builders.Guests;
using Osprey.Tests.Cli;
using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Target.Architectures.X64;

public class X64CodeModeTests
{
    [Theory]
    [InlineData(0x10ul, 0xf000ul, 0xfff0ul, 16, 0xffff_0000ul, true)] // reset
    [InlineData(0x10ul, 0xf000ul, 0x1234ul, 16, 0xf_0000ul, true)]
    [InlineData(0x11ul, 8ul, 0x1234ul, 32, 0ul, true)]
    public void FromRegisters_WithoutTheHiddenPart_SaysWhatIsAssumed(
        ulong cr0,
        ulong cs,
        ulong rip,
        int bits,
        ulong codeBase,
        bool assumes
    )
    {
        var registers = new RegisterSet(X64Architecture.Instance)
        {
            [X64Register.Cr0] = cr0,
            [X64Register.Cs] = cs,
            [X64Register.Rip] = rip,
            [X64Register.Efer] = 0,
        };
        var mode = X64CodeMode.FromRegisters(registers);

        Assert.Equal((bits, codeBase, assumes), (mode.Bits, mode.CodeBase, mode.Assumption is not null));
        Assert.Equal(codeBase + rip, registers.CodeAddress);
    }

    [Theory]
    [InlineData("CS =f000 ffff0000 0000ffff 00009b00", "00000010", 16, 0xffff_0000ul)]
    [InlineData("CS =0008 00000000 ffffffff 00cf9b00 DPL=0 CS32 [-RA]", "00000011", 32, 0ul)]
    [InlineData("CS =0010 0000000000000000 ffffffff 00af9b00 DPL=0 CS64 [-RA]", "80050033", 64, 0ul)]
    public void FromRegisters_OfQemusMonitor_AssumesNothing(string cs, string cr0, int bits, ulong codeBase)
    {
        RegisterSet registers = RegisterText.Parse(
            $"EIP=0000fff0 EFL=00000002\n{cs}\nCR0={cr0} CR2=00000000 CR3=00000000 CR4=00000000\n"
        );
        var mode = X64CodeMode.FromRegisters(registers);

        Assert.Equal((bits, codeBase, null), (mode.Bits, mode.CodeBase, mode.Assumption));
    }

    [ToolFact("qemu-system-x86_64")]
    [Trait("Category", "Slow")]
    public void Commands_OnFirmwareAtReset_ShowItsCode()
    {
        using var guest = new QemuGuest("-S");
        string target = $"{guest.ProcessId}";
        CommandRun code = CommandRun.Of("disassemble", "$rip", "--count", "1", "--target", target);
        CommandRun end = CommandRun.Of("disassemble", "0xfffffff0", "--phys", "--bits", "16", "--target", target);
        CommandRun stack = CommandRun.Of("bt", "--cpu", "0", "--target", target);
        CommandRun table = CommandRun.Of("pagetable", "0x7c00", "--target", target);

        const string Jump = "  00000000fffffff0  ea5be000f0            jmp far 0xe05b, 0xf000\n";
        Assert.Equal((0, Jump), (code.ExitCode, code.Text));
        Assert.Equal(0, end.ExitCode);
        Assert.StartsWith(Jump, end.Text, StringComparison.Ordinal);
        Assert.Contains("physical address 0x100000000 can't be read", end.Messages, StringComparison.Ordinal);
        Assert.Equal(
            "vCPU 0\n#0   0x00000000fffffff0 ??\n"
                + "     (the callers of 0xfffffff0 are not looked for: 16-bit real mode)\n"
                + "     note: 16-bit real mode, CS 0xf000 with base 0xffff0000: "
                + "callers are found in 64-bit code only\n",
            stack.Text
        );
        Assert.Equal("paging is off: 0x7c00 is physical 0x7c00\n", table.Text);
    }

    [ToolFact("qemu-system-x86_64", "as", "ld")]
    [Trait("Category", "Slow")]
    public void Registers_InProtectedMode_AreOf32BitCode()
    {
        using QemuGuest guest = ProtectedModeGuest.Boot(false);
        using QemuTarget live = QemuTarget.Attach(QemuProcess.TryRead(guest.ProcessId)!);
        string path = Path.Combine(guest.Folder, "own.core");
        CoreWriter.Write(live, path);
        using CoreTarget core = CoreTarget.Open(path);

        Assert.Equal(
            [(32, 0UL, null), (32, 0UL, null)],
            ((RegisterSet[])[live.ReadRegisters(0), core.ReadRegisters(0)])
                .Select(X64CodeMode.FromRegisters)
                .Select(mode => (mode.Bits, mode.CodeBase, mode.Assumption))
        );
    }
}
