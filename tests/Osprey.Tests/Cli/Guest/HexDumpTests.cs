using Osprey.Cli.Rendering.Text;
using Osprey.Traces.Text;

namespace Osprey.Tests.Cli.Guest;

public sealed class HexDumpTests
{
    [Fact]
    public void Add_BytesAndGap_ShownWithText()
    {
        Assert.Equal(
            """
            0000000000001000  00 01 02 03 04 05 06 07  41 42 43 44 45 46 47 48  |........ABCDEFGH|
            0000000000001010  ?? ?? ?? ??                                       |????|

            """,
            Dump(1, (0x1000, 16, [0, 1, 2, 3, 4, 5, 6, 7, .. "ABCDEFGH"u8]), (0x1010, 4, []))
        );
    }

    [Fact]
    public void Add_EqualRows_OneStar()
    {
        Assert.Equal(
            """
            0000000000000000  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|
            *
            0000000000000040  ff                                                |.|

            """,
            Dump(1, (0, 64, new byte[64]), (64, 1, [0xff]))
        );
    }

    [Fact]
    public void End_RangeEndsInEqualRows_LastOneShown()
    {
        Assert.Equal(
            """
            0000000000000000  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|
            *
            0000000000000020  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|

            """,
            Dump(1, (0, 48, new byte[48]))
        );
    }

    [Fact]
    public void Add_UnitsOfEight_LittleEndianNumbers()
    {
        Assert.Equal(
            """
            ffff800000000000  0706050403020100  0f0e0d0c0b0a0908  |................|
            ffff800000000010          ??131211                    |...?|

            """,
            Dump(
                8,
                (0xffff800000000000, 19, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0x11, 0x12, 0x13]),
                (0xffff800000000013, 1, [])
            )
        );
    }

    private static string Dump(int unitSize, params (ulong Address, ulong Size, byte[] Bytes)[] pieces)
    {
        var text = new Utf8Builder();
        var dump = new HexDump(text, unitSize, () => { });
        foreach ((ulong address, ulong size, byte[] bytes) in pieces)
            dump.Add(address, size, bytes);

        dump.End();
        return text.ToString();
    }
}
