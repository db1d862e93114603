using Osprey.Binary;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Backends.Qemu;
using Osprey.Tests.Builders.Guests;

namespace Osprey.Tests.Target.Backends.Qemu;

public sealed class RegisterTextTests
{
    private const string LongMode = """
        CPU#0
        RAX=0000000000000001 RBX=0000000000000002 RCX=00004000001f1090 RDX=0000400000016040
        RSI=0000000000001fa0 RDI=0000400000016041 RBP=00004000008b1fd0 RSP=00004000008b1fb0
        R8 =0000400000019150 R9 =0000400000019151 R10=0000400000019152 R11=00004000001f6190
        R12=0000400000016042 R13=00004000000197e8 R14=00004000000197a8 R15=ffffffffffffffff
        RIP=000000004037e8bb RFL=00000246 [---Z-P-] CPL=0 II=0 A20=1 SMM=0 HLT=1
        ES =0010 0000000000000000 ffffffff 00cf9300 DPL=0 DS   [-WA]
        CS =0008 0000000000000000 ffffffff 00af9b00 DPL=0 CS64 [-RA]
        SS =0011 0000000000000000 ffffffff 00cf9300 DPL=0 DS   [-WA]
        DS =0012 0000000000000000 ffffffff 00cf9300 DPL=0 DS   [-WA]
        FS =0013 00006000001f78c0 ffffffff 00cf9300 DPL=0 DS   [-WA]
        GS =0014 0000400000019128 ffffffff 00cf9300 DPL=0 DS   [-WA]
        LDT=0000 0000000000000000 0000ffff 00008200 DPL=0 LDT
        TR =0020 0000400000016074 00000067 00008900 DPL=0 TSS64-avl
        GDT=     00004000000190f8 0000002f
        IDT=     0000000040842b60 00000fff
        CR0=80010013 CR2=00001000000059a0 CR3=0000000000898000 CR4=000506b8
        DR0=0000000000000000 DR1=0000000000000000 DR2=0000000000000000 DR3=0000000000000000
        DR6=00000000ffff0ff0 DR7=0000000000000400
        EFER=0000000000000d01
        FCW=037f FSW=0000 [ST=0] FTW=00 MXCSR=00001fa0
        FPR0=0000000000000000 0000 FPR1=0000000000000000 0000
        YMM00=0000000000000000 0000000000000000 00004000001f2130 00004000001f6130
        """;

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public void Parse_LongMode_HasEverythingPrinted(string lineEnd) =>
        Assert.Equal(
            (
                """
                Rax=1 Rdx=400000016040 Rcx=4000001f1090 Rbx=2 Rsi=1fa0 Rdi=400000016041 Rbp=4000008b1fd0
                """
                + " "
                + """
                Rsp=4000008b1fb0
                R8=400000019150 R9=400000019151 R10=400000019152 R11=4000001f6190
                """
                + " "
                + """
                R12=400000016042 R13=4000000197e8 R14=4000000197a8 R15=ffffffffffffffff
                Rip=4037e8bb Rflags=246 Cs=8 Ss=11 Ds=12 Es=10 Fs=13 Gs=14
                FsBase=6000001f78c0 GsBase=400000019128 KernelGsBase=?
                """
                + " "
                + """
                Cr0=80010013 Cr2=1000000059a0 Cr3=898000 Cr4=506b8 Cr8=?
                Efer=d01
                """
            ).ReplaceLineEndings("\n"),
            Print(RegisterText.Parse(LongMode.ReplaceLineEndings(lineEnd)))
        );

    [Fact]
    public void Parse_ProtectedModeOfRealQemu_TakesEaxForms() =>
        Assert.Equal(
            """
            Rax=0 Rdx=10246 Rcx=fc15f480 Rbx=800 Rsi=12ba740 Rdi=800 Rbp=9ccc2f10 Rsp=a1fbc
            R8=? R9=? R10=? R11=? R12=? R13=? R14=? R15=?
            Rip=12839 Rflags=246 Cs=8 Ss=10 Ds=10 Es=10 Fs=10 Gs=10
            FsBase=3f3d000 GsBase=3f3d000 KernelGsBase=? Cr0=11 Cr2=0 Cr3=0 Cr4=0 Cr8=?
            Efer=0
            """.ReplaceLineEndings("\n"),
            Print(RegisterText.Parse(MonitorTexts.Read("registers-7.2-seabios.txt")))
        );

    [Fact]
    public void ParseAll_TwoVcpusInRealMode_GivesBothInOrder()
    {
        IReadOnlyList<RegisterSet> all = RegisterText.ParseAll(MonitorTexts.Read("registers-7.2-reset-all.txt"));

        Assert.Equal([0xfff0UL, 0xfff0UL], all.Select(cpu => cpu[X64Register.Rip]!.Value));
        Assert.Equal([0xf000UL, 0xf000UL], all.Select(cpu => cpu[X64Register.Cs]!.Value));
        Assert.Equal([0x60000010UL, 0x60000010UL], all.Select(cpu => cpu[X64Register.Cr0]!.Value));
    }

    [Fact]
    public void ParseNumbered_VcpusInAnyOrder_AreFoundByTheirNumbers()
    {
        IReadOnlyDictionary<int, RegisterSet> all = RegisterText.ParseNumbered(
            "CPU#2\r\nRIP=0000000000000022 RFL=2\r\n\r\nCPU#0\r\nRIP=0000000000000011\r\n"
                + "CPU#7\r\nCPU#x\r\nRIP=1\r\nCPU#99999999999\r\nRIP=1\r\n"
        );

        Assert.Equal(
            [(0, 0x11UL), (2, 0x22UL)],
            all.OrderBy(pair => pair.Key).Select(pair => (pair.Key, pair.Value[X64Register.Rip]!.Value))
        );
        Assert.Equal([0, 1], RegisterText.ParseNumbered(MonitorTexts.Read("registers-7.2-reset-all.txt")).Keys.Order());
        Assert.Empty(RegisterText.ParseNumbered("unknown command"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("CPU#0\r\n")]
    [InlineData("Error: no vCPU\r\n")]
    [InlineData("RIP=\r\n")]
    [InlineData("RIP=xyz\r\n")]
    [InlineData("RIP=10000000000000000\r\n")]
    [InlineData("RIP=0000000000000000 RFL=2\r\nFS =0010\r\n")]
    public void Parse_NoRegisters_IsBadData(string text) =>
        Assert.Throws<BadDataException>(() => RegisterText.Parse(text));

    [Fact]
    public void ParseAll_NoRegisters_IsEmpty() =>
        Assert.Empty(RegisterText.ParseAll("unknown command: 'info registers'\r\n"));

    [Fact]
    public void Parse_CutAtEveryCharacter_IsPartialOrBadData() =>
        TextFuzz.CutEverywhere(LongMode, text => RegisterText.Parse(text));

    [Fact]
    public void Parse_Mutated_NeverFailsInAnotherWay() =>
        TextFuzz.Mutate(
            LongMode,
            seed: 1,
            text =>
            {
                RegisterText.ParseAll(text);
                RegisterText.ParseNumbered(text);
            }
        );

    private static string Print(RegisterSet registers)
    {
        string[] words =
        [
            .. X64Architecture.Instance.Registers.Select(register =>
                $"{X64Names.Of(register)}={(registers[register] is ulong value ? $"{value:x}" : "?")}"
            ),
        ];
        return string.Join('\n', words.Chunk(8).Select(row => string.Join(' ', row)));
    }
}
