using Osprey.Binary;
using Osprey.Target.Backends.Qemu;

namespace Osprey.Tests.Target.Backends.Qemu;

public sealed class RamBlockTextTests
{
    private const string WithHostAddresses =
        "              Block Name    PSize              Offset               "
        + "Used              Total                HVA  RO\n"
        + "                  pc.ram    2 MiB  0x0000000000000000 0x0000000008000000 "
        + "0x0000000008000000 0x00007f1233e00000  rw\n"
        + "          name of blanks    4 KiB  0x0000000008000000 0x0000000000040000 "
        + "0x0000000000080000 0x00007f1274200000  ro";

    [Fact]
    public void Parse_RealQemu_HasEveryBlock() =>
        Assert.Equal(
            [
                new RamBlockRow("pc.ram", 4096, 0, 0x4000000, 0x4000000, null, null),
                new RamBlockRow("0000:00:02.0/vga.vram", 4096, 0x4080000, 0x1000000, 0x1000000, null, null),
                new RamBlockRow("/rom@etc/acpi/tables", 4096, 0x5100000, 0x20000, 0x200000, null, null),
                new RamBlockRow("pc.bios", 4096, 0x4000000, 0x40000, 0x40000, null, null),
                new RamBlockRow("0000:00:03.0/e1000.rom", 4096, 0x50c0000, 0x40000, 0x40000, null, null),
                new RamBlockRow("pc.rom", 4096, 0x4040000, 0x20000, 0x20000, null, null),
                new RamBlockRow("0000:00:02.0/vga.rom", 4096, 0x5080000, 0x10000, 0x10000, null, null),
                new RamBlockRow("/rom@etc/table-loader", 4096, 0x5300000, 0x1000, 0x10000, null, null),
                new RamBlockRow("/rom@etc/acpi/rsdp", 4096, 0x5340000, 0x1000, 0x1000, null, null),
            ],
            RamBlockText.Parse(MonitorTexts.Read("ramblock-7.2-pc.txt"))
        );

    [Fact]
    public void Parse_ColumnsOfNewerQemu_GivesHostAddresses() =>
        Assert.Equal(
            [
                new RamBlockRow("pc.ram", 2 << 20, 0, 0x8000000, 0x8000000, 0x7f1233e00000, false),
                new RamBlockRow("name of blanks", 4096, 0x8000000, 0x40000, 0x80000, 0x7f1274200000, true),
            ],
            RamBlockText.Parse(WithHostAddresses)
        );

    [Theory]
    [InlineData("")]
    [InlineData("unknown command: 'info ramblock'")]
    [InlineData("Block Name PSize")]
    [InlineData("Block Name Size Offset Used Total\npc.ram 4 KiB 0x0 0x0 0x0")]
    [InlineData("Block Name PSize Offset Total\npc.ram 4 KiB 0x0 0x0")]
    [InlineData("Block Name PSize Offset Used Total\npc.ram 4 KiB 0x0 0x0")]
    [InlineData("Block Name PSize Offset Used Total\npc.ram 4 XiB 0x0 0x0 0x0")]
    [InlineData("Block Name PSize Offset Used Total\npc.ram x KiB 0x0 0x0 0x0")]
    [InlineData("Block Name PSize Offset Used Total\npc.ram 4 KiB 0 0x0 0x0")]
    [InlineData("Block Name PSize Offset Used Total\npc.ram 4 KiB 0x0 0x11112222333344445 0x0")]
    public void Parse_Malformed_IsBadData(string text) =>
        Assert.Throws<BadDataException>(() => RamBlockText.Parse(text));

    [Fact]
    public void Parse_CutAtEveryCharacter_IsPartialOrBadData() =>
        TextFuzz.CutEverywhere(WithHostAddresses, text => RamBlockText.Parse(text));

    [Fact]
    public void Parse_Mutated_NeverFailsInAnotherWay() =>
        TextFuzz.Mutate(WithHostAddresses, seed: 3, text => RamBlockText.Parse(text));
}
