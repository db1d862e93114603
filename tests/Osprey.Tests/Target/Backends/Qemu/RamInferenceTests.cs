using Osprey.Target.Backends.Qemu.Live;
using Osprey.Target.Backends.Qemu.Processes;

namespace Osprey.Tests.Target.Backends.Qemu;

public sealed class RamInferenceTests
{
    private const ulong GiB = 1UL << 30;

    [Theory]
    [InlineData("pc", 1, 0x4000_0000UL)]
    [InlineData("pc-i440fx-7.2", 5, 0xc000_0000UL)]
    [InlineData("q35", 2, 0x8000_0000UL)]
    [InlineData("pc-q35-7.2", 5, 0x8000_0000UL)]
    public void Infer_Machine_RamGoesOnBehindTheHole(string machine, int gibibytes, ulong low)
    {
        ulong size = (ulong)gibibytes * GiB;
        ProcessMapping row = Row(0x7f00_0000_0000, size);

        IReadOnlyList<RamRange> ranges = RamInference.Infer(Line(machine, gibibytes), [Row(0x1000, 4096), row]);

        Assert.Equal((0UL, low, row.Start), (ranges[0].Block.Start.Value, ranges[0].Block.Size, ranges[0].HostAddress));
        if (size > low)
            Assert.Equal(
                (4 * GiB, size - low, row.Start + low),
                (ranges[1].Block.Start.Value, ranges[1].Block.Size, ranges[1].HostAddress)
            );
        else
            Assert.Single(ranges);
    }

    [Fact]
    public void Infer_UnknownMachineOrNoSuchMapping_Nothing()
    {
        Assert.Empty(RamInference.Infer(Line("virt", 1), [Row(0x7f00_0000_0000, GiB)]));
        Assert.Empty(RamInference.Infer(Line("pc", 1), [Row(0x7f00_0000_0000, GiB / 2)]));
    }

    [Fact]
    public void TryParse_RowsOfMaps_AllFields()
    {
        Assert.Equal(
            new ProcessMapping(
                0x7f5c00000000,
                0x7f5c20000000,
                true,
                true,
                0x1000,
                "00:01",
                1042,
                "/memfd:memory-backend-memfd (deleted)"
            )
            {
                IsReadable = true,
            },
            ProcessMapping.TryParse(
                "7f5c00000000-7f5c20000000 rw-s 00001000 00:01 1042                       "
                    + "/memfd:memory-backend-memfd (deleted)"
            )
        );
        Assert.Equal(
            new ProcessMapping(0x7f5c00000000, 0x7f5c20000000, false, false, 0, "00:00", 0, "")
            {
                IsReadable = true,
                IsExecutable = true,
            },
            ProcessMapping.TryParse("7f5c00000000-7f5c20000000 r-xp 00000000 00:00 0 ")
        );
        Assert.Null(ProcessMapping.TryParse("garbage"));
        Assert.Null(ProcessMapping.TryParse("2-1 rw-p 0 00:00 0"));
    }

    private static QemuCommandLine Line(string machine, int gibibytes) =>
        QemuCommandLine.Parse(["qemu-system-x86_64", "-machine", machine, "-m", $"{gibibytes}G"]);

    private static ProcessMapping Row(ulong start, ulong size) =>
        new(start, start + size, true, false, 0, "00:00", 0, "");
}
