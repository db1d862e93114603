using System.IO.Compression;
using System.Text;
using Osprey.Guests.Linux.Kernels;
using Osprey.Target;
using Osprey.Tests.Builders.Guests;

namespace Osprey.Tests.Guests.Linux.Kernels;

public class KernelTextsTests
{
    [Theory]
    [InlineData("")]
    [InlineData("IKCFG_ST")]
    public void Configuration_OfAKernelThatHasIt_IsItsLines(string marker)
    {
        var linux = new FakeLinux(4096);
        Encoding.ASCII.GetBytes(marker).CopyTo(linux.At(linux.Allocate(512, "kernel_config_data")));
        byte[] packed = Pack("CONFIG_A=y\n# CONFIG_B is not set\n");
        packed.CopyTo(linux.At(linux.Symbols["kernel_config_data"] + (ulong)marker.Length));
        Assert.Equal(["CONFIG_A=y", "# CONFIG_B is not set"], KernelConfiguration.Read(linux.ToKernel()));

        linux.At(linux.Symbols["kernel_config_data"])[marker.Length + 1] ^= 1;
        var problem = Assert.Throws<TargetException>(() => KernelConfiguration.Read(linux.ToKernel()));
        Assert.Equal(TargetProblem.NotUnderstood, problem.Problem);
    }

    [Fact]
    public void Texts_OfAKernelWithoutThem_AreNotConfigured()
    {
        var linux = new FakeLinux(4096);
        Assert.Equal(
            "not configured in this kernel: it has no copy of its configuration (CONFIG_IKCONFIG)",
            Assert.Throws<TargetException>(() => KernelConfiguration.Read(linux.ToKernel())).Message
        );
        Assert.Equal(
            "not configured in this kernel: it has no variable saved_command_line",
            Assert.Throws<TargetException>(() => LinuxCommandLine.Read(linux.ToKernel())).Message
        );
    }

    [Theory]
    [InlineData(0)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(3000)]
    public void CommandLine_OfAnyLength_IsWhole(int length)
    {
        var linux = new FakeLinux(8192);
        string text = new('x', length);
        ulong variable = linux.Allocate(8, "saved_command_line");
        ulong place = linux.Allocate(length + 1);
        Encoding.ASCII.GetBytes(text).CopyTo(linux.At(place));
        linux.Write(variable, place);
        Assert.Equal(text, LinuxCommandLine.Read(linux.ToKernel()));

        // To the end of memory there is no end of it.
        linux.At(place).Fill((byte)'x');
        Assert.Throws<TargetException>(() => LinuxCommandLine.Read(linux.ToKernel()));
    }

    private static byte[] Pack(string text)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
            gzip.Write(Encoding.ASCII.GetBytes(text));

        return packed.ToArray();
    }
}
