using System.Globalization;
using System.Text;
using Osprey.Session.Guests;
using Osprey.Session.Guests.Code;
using Osprey.Tests.Builders.Guests;
using Osprey.Tests.Packets;

namespace Osprey.Tests.Session.Guests.Code;

public class DisassemblerTests
{
    [Fact]
    public void Decode_BytesOfEachMode_GivesTheirText()
    {
        var text = new StringBuilder();
        foreach (
            (int bits, string code) in ((int, string)[])
                [
                    (16, "ea5be000f0 fa 31c0 8ed8 e460 eb0e f4 cd10 66b878563412"),
                    (32, "55 89e5 8b4508 0fb64401ff e8fbffffff 0f22d8 c3"),
                    (
                        64,
                        "4881ec88000000 48c7c0ffffffff 488d05f9ffffff 654c8b2425380a0000 "
                            + "f0480fb10f 0f01f8 e800000000 75fe ff2500100000 62f17c48100a 06 "
                            + "0f0b 0fff"
                    ),
                ]
        )
        {
            byte[] bytes = Convert.FromHexString(code.Replace(" ", "", StringComparison.Ordinal));
            var disassembler = new Disassembler(new PhysicalReader(new FakeMemory().Add(0x1000, bytes)), null, bits);
            text.Append(CultureInfo.InvariantCulture, $"{bits} bits\n");
            foreach (InstructionRow row in disassembler.Decode(0x1000, null, 50))
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"  {row.Address:x4}  {Convert.ToHexStringLower(row.Bytes), -20}  {row.Text}\n"
                );

            text.Append(CultureInfo.InvariantCulture, $"  unreadable at {disassembler.UnreadableAt:x}\n");
        }

        GoldenFile.Verify(text.ToString());
    }

    [Theory]
    [InlineData(0x1000, 0x1003UL, 100, 3, null)]
    [InlineData(0x1000, 0x1000UL, 2, 2, null)]
    [InlineData(0x1000, null, 5, 5, null)]
    [InlineData(0x1ffe, null, 5, 2, 0x2000UL)]
    [InlineData(0x1ffe, 0x2000UL, 5, 2, null)]
    [InlineData(0x3000, null, 5, 0, 0x3000UL)]
    [InlineData(0x1000, ulong.MaxValue, int.MaxValue, 0x1000, 0x2000UL)]
    [InlineData(ulong.MaxValue, null, 5, 1, null)]
    public void Decode_UpToAnEndOrACount_StopsThere(ulong start, ulong? end, int count, int expected, ulong? unreadable)
    {
        byte[] code = new byte[0x1000];
        Array.Fill(code, (byte)0x90);
        var disassembler = new Disassembler(new OneByteAtTheEnd(new FakeMemory().Add(0x1000, code)), null, 64);

        Assert.Equal((expected, unreadable), (disassembler.Decode(start, end, count).Count, disassembler.UnreadableAt));
    }

    /// <summary>Has the last byte of all, besides other memory.</summary>
    private sealed class OneByteAtTheEnd(FakeMemory memory) : Osprey.Target.Memory.IMemoryReader
    {
        public int Read(ulong address, Span<byte> buffer)
        {
            if (address != ulong.MaxValue)
                return new PhysicalReader(memory).Read(address, buffer);

            buffer[0] = 0x90;
            return 1;
        }
    }
}
