using Osprey.Target.Backends.Qemu.Processes;
using Osprey.Target.Backends.Qemu.Qmp;

namespace Osprey.Tests.Target.Backends.Qemu;

public sealed class QemuCommandLineTests
{
    [Fact]
    public void Parse_NothingGiven_QemusOwnDefaults()
    {
        QemuCommandLine line = Parse();

        Assert.Null(line.GuestName);
        Assert.Equal(128UL << 20, line.MemorySize);
        Assert.Equal(1, line.CpuCount);
        Assert.Null(line.Kernel);
        Assert.Empty(line.QmpSockets);
        Assert.Empty(line.GdbSockets);
    }

    [Theory]
    [InlineData("512", 512UL << 20)]
    [InlineData("2G", 2UL << 30)]
    [InlineData("1.5g", 3UL << 29)]
    [InlineData("size=1G,slots=2,maxmem=4G", 1UL << 30)]
    [InlineData("65536K", 64UL << 20)]
    [InlineData("4096B", 4096UL)]
    [InlineData("nonsense", 128UL << 20)]
    public void Parse_Memory_InBytes(string text, ulong expected) =>
        Assert.Equal(expected, Parse("-m", text).MemorySize);

    [Theory]
    [InlineData("-m 512", false)]
    [InlineData("-m size=1G,slots=2,maxmem=4G", true)]
    [InlineData("-m 1G -m slots=2,maxmem=4G", true)]
    [InlineData("-machine pc,memory.size=1G,memory.max-size=4G", true)]
    public void Parse_RoomForMemory_Found(string arguments, bool expected) =>
        Assert.Equal(expected, Parse(arguments.Split(' ')).CanGetMemory);

    [Theory]
    [InlineData("4", 4)]
    [InlineData("cpus=3,maxcpus=8", 3)]
    [InlineData("sockets=2,cores=2,threads=2", 8)]
    [InlineData("8,sockets=2", 8)]
    [InlineData("0", 1)]
    [InlineData("sockets=4096,cores=4096", 1)]
    public void Parse_Processors_Counted(string text, int expected) =>
        Assert.Equal(expected, Parse("-smp", text).CpuCount);

    [Theory]
    [InlineData("web", "web")]
    [InlineData("guest=web,debug-threads=on", "web")]
    [InlineData("web,process=web-qemu", "web")]
    [InlineData("a,,b", "a,b")]
    public void Parse_Name_Found(string text, string expected) =>
        Assert.Equal(expected, Parse("-name", text).GuestName);

    [Fact]
    public void Parse_QmpInEachSpelling_FoundInOrder()
    {
        QemuCommandLine line = Parse(
            "-mon",
            "chardev=late,mode=control",
            "-qmp",
            "unix:/run/a.qmp,server=on,wait=off",
            "-chardev",
            "socket,id=late,path=/run/late.qmp,server=on",
            "-qmp",
            "tcp:127.0.0.1:4444,server",
            "-mon",
            "chardev=hmp,mode=readline",
            "-chardev",
            "socket,id=hmp,path=/run/hmp"
        );

        Assert.Equal(
            [
                new QemuSocket(QmpEndpoint.Unix("/run/late.qmp"), null),
                new QemuSocket(QmpEndpoint.Unix("/run/a.qmp"), null),
                new QemuSocket(QmpEndpoint.Tcp("127.0.0.1", 4444), null),
            ],
            line.QmpSockets
        );
    }

    [Fact]
    public void Parse_SocketHandedOver_ByDescriptor() =>
        Assert.Equal(
            [new QemuSocket(null, 23)],
            Parse(
                "-chardev",
                "socket,id=charmonitor,fd=23,server=on,wait=off",
                "-mon",
                "chardev=charmonitor,id=monitor,mode=control"
            ).QmpSockets
        );

    [Fact]
    public void Parse_GdbStubs_Found() =>
        Assert.Equal(
            [
                new QemuSocket(QmpEndpoint.Tcp("localhost", 1234), null),
                new QemuSocket(QmpEndpoint.Tcp("localhost", 9000), null),
                new QemuSocket(QmpEndpoint.Unix("/tmp/g"), null),
            ],
            Parse("-s", "-gdb", "tcp::9000", "-gdb", "unix:/tmp/g,server=on").GdbSockets
        );

    [Fact]
    public void Parse_DoubleDashAndUnknownOptions_PassedOver()
    {
        QemuCommandLine line = Parse(
            "--machine",
            "q35,accel=tcg",
            "-nodefaults",
            "-device",
            "virtio-rng-pci,name=x",
            "-kernel",
            "/k/vm,linuz"
        );

        Assert.Equal("q35", line.Machine);
        Assert.Equal("/k/vm,linuz", line.Kernel);
        Assert.Null(line.GuestName);
    }

    private static QemuCommandLine Parse(params string[] arguments) =>
        QemuCommandLine.Parse(["qemu-system-x86_64", .. arguments]);
}
