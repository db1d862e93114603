using Osprey.Binary.Elf.Writing;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Unwinding.Rules;
using Osprey.Tests.Packets;
using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Target.Unwinding;

/// <summary>Rules as call frame information, as binutils read it.</summary>
public sealed class FrameInfoWriterTests
{
    private static readonly SavedRegister s_return = new(X64Register.Rip, -8);

    [ToolFact("readelf")]
    public void Rules_OfEachKind_AreReadByBinutils()
    {
        UnwindRule called = new(X64Register.Rsp, 8, [s_return]) { Unchanged = [X64Register.Rbp] };
        UnwindRule pushed = new(X64Register.Rsp, 16, [s_return, new(X64Register.Rbp, -16)]);
        UnwindRule framed = new(X64Register.Rbp, 16, [s_return, new(X64Register.Rbp, -16)]);
        UnwindRule below = new(X64Register.R10, -16, [s_return, new(X64Register.Rbp, -4, X64Register.Rbp)]);
        UnwindRule odd = new(X64Register.R13, -3, [s_return, new(X64Register.Rbp, 8), new(X64Register.Rbx, -5)]);
        UnwindRule switched = new(X64Register.Rsp, 0, [s_return]) { IndirectOffset = 300, SwitchesStack = true };
        UnwindRule interrupted = new(
            X64Register.Rsp,
            168,
            [new(X64Register.Rsp, -16), new(X64Register.Rip, -40), new(X64Register.Rbp, -136), new(X64Register.Ss, -8)]
        )
        {
            IsReturnAddress = false,
        };
        byte[] section = FrameInfoWriter.Write(
            [
                new(0x1000, 0x1001, called),
                new(0x1001, 0x1004, pushed),
                new(0x1004, 0x1080, framed), // in two functions
                new(0x1080, 0x1200, pushed),
                new(0x1200, 0x21200, called),
                new(0x21200, 0x21300, pushed),
                new(0x21300, 0x21310, null),
                new(0x21310, 0x21320, below),
                new(0x21320, 0x21330, odd),
                new(0x21330, 0x21340, switched),
                new(0x21340, 0x21350, interrupted),
                new(0x21350, 0x21360, interrupted with { IsReturnAddress = true }),
                new(0x21360, 0x21370, called),
                new(0x30000, 0x30010, UnwindRule.Outermost),
            ],
            [0x1000, 0x1040, 0x1040, 0x30000]
        );

        GoldenFile.Verify(Show(section));
        Assert.True(FrameInfoWriter.HasEntries(section));
    }

    [ToolFact("readelf")]
    public void Nothing_HasNoEntries()
    {
        byte[] section = FrameInfoWriter.Write([new(0x1000, 0x1001, null)], []);
        Assert.False(FrameInfoWriter.HasEntries(section));
        Assert.DoesNotContain("FDE", Show(section), StringComparison.Ordinal);
    }

    private static string Show(byte[] section)
    {
        string path = Path.GetTempFileName();
        try
        {
            using (FileStream stream = File.Create(path))
                ElfWriter.Write(stream, [ElfOutputSection.Of(".debug_frame", section)], []);

            return string.Join(
                '\n',
                Tools
                    .Run("readelf", ["--debug-dump=frames", path])
                    .Split('\n')
                    .Where(line => !line.Contains("DW_CFA_nop", StringComparison.Ordinal))
                    .Select(line => line.TrimEnd())
            );
        }
        finally
        {
            File.Delete(path);
        }
    }
}
