using Osprey.Target.Backends.Qemu.Processes;
using Osprey.Target.Backends.Qemu.Qmp;

namespace Osprey.Tests.Target.Backends.Qemu;

/// <summary>What QEMU was told, wherever it was told it.</summary>
public sealed class QemuSettingsTests
{
    private const string Config = """
        # qemu config file
        [machine]
          type = "q35"
          kernel = "/boot/vmlinuz"
          memory-backend = "m0"
        [object "m0"]
          qom-type = "memory-backend-memfd"
          size = "100663296"
        [smp-opts]
          sockets = "2"
          cores = "3"
        [name]
          guest = "web1"
        [chardev "monitor"]
          backend = "socket"
          path = "/run/qemu.monitor"
          server = "on"
        [chardev "stub"]
          backend = "socket"
          path = "/run/gdb"
        [mon]
          chardev = "monitor"
          mode = "control"
        [mon "text"]
          chardev = "stub"
          mode = "readline"
        [device "x"]
          driver = "virtio-rng-pci"
        """;

    [Fact]
    public void ReadConfig_TellsAllThatOptionsTell()
    {
        QemuCommandLine line = Parse("-readconfig", "qemu.conf", "-gdb", "chardev:stub");

        Assert.Equal(
            ("web1", 96UL << 20, 6, "q35", "/boot/vmlinuz"),
            (line.GuestName, line.MemorySize, line.CpuCount, line.Machine, line.Kernel)
        );
        Assert.Equal([new QemuSocket(QmpEndpoint.Unix("/run/qemu.monitor"), null)], line.QmpSockets);
        Assert.Equal([new QemuSocket(QmpEndpoint.Unix("/run/gdb"), null)], line.GdbSockets);
    }

    [Fact]
    public void Options_AfterTheFile_CountMore()
    {
        QemuCommandLine line = Parse("-m 1G -readconfig qemu.conf -smp cpus=4 -M pc -name b".Split(' '));

        Assert.Equal(
            ("b", 1UL << 30, 4, "pc", "/boot/vmlinuz"),
            (line.GuestName, line.MemorySize, line.CpuCount, line.Machine, line.Kernel)
        );
    }

    [Theory]
    [InlineData("-readconfig other.conf")]
    [InlineData("-readconfig broken.conf")]
    public void FilesThatCantBeRead_LeaveUnknownWhatNothingElseTells(string arguments)
    {
        QemuCommandLine line = Parse(arguments.Split(' '));
        Assert.Equal(((ulong?)null, (int?)null), (line.MemorySize, line.CpuCount));

        line = Parse([.. arguments.Split(' '), "-m", "64", "-smp", "2"]);
        Assert.Equal((64UL << 20, 2), (line.MemorySize, line.CpuCount));
    }

    [Theory]
    [InlineData("-m 64 -m 96", 96)]
    [InlineData("-m 64 -m slots=2,maxmem=1G", 64)]
    [InlineData("-m maxmem=1G,slots=2,size=96M", 96)]
    [InlineData("-m slots=2,maxmem=1G", 128)]
    [InlineData("-machine memory-backend=m -object memory-backend-ram,id=m,size=256M", 256)]
    [InlineData("-M q35 -machine memory-backend=m -object memory-backend-ram,size=268435456,id=m", 256)]
    [InlineData(
        "-machine q35,memory-backend=m "
            + "-object {\"qom-type\":\"memory-backend-ram\",\"id\":\"m\",\"size\":67108864}",
        64
    )]
    public void Memory_InEachForm_Counts(string arguments, int mebibytes) =>
        Assert.Equal((ulong)mebibytes << 20, Parse(arguments.Split(' ')).MemorySize);

    [Theory]
    [InlineData("-smp 4 -smp cores=2", 4)]
    [InlineData("-smp maxcpus=8", 8)]
    [InlineData("-smp sockets=2,maxcpus=8", 8)]
    [InlineData("-smp 2,maxcpus=8", 2)]
    [InlineData("-machine q35,smp.cpus=5", 5)]
    [InlineData("-smp dies=2,cores=3", 6)]
    public void Processors_InEachForm_Count(string arguments, int count) =>
        Assert.Equal(count, Parse(arguments.Split(' ')).CpuCount);

    [Fact]
    public void Qmp_InEachForm_IsFound()
    {
        QemuCommandLine line = Parse(
            "-chardev",
            "socket,id=a,path=/run/a,server=on",
            "-chardev",
            "socket,id=b,path=/run/b,server=on",
            "-mon",
            "a,mode=control",
            "-qmp",
            "chardev:b",
            "-qmp-pretty",
            "tcp:127.0.0.1:4444,server=on",
            "-set",
            "chardev.a.path=/run/c"
        );

        Assert.Equal(
            [
                new QemuSocket(QmpEndpoint.Unix("/run/c"), null),
                new QemuSocket(QmpEndpoint.Unix("/run/b"), null),
                new QemuSocket(QmpEndpoint.Tcp("127.0.0.1", 4444), null),
            ],
            line.QmpSockets
        );
    }

    [Fact]
    public void Truncated_AtEveryByte_IsReadAsFarAsItGoes()
    {
        for (int length = 0; length <= Config.Length; length++)
        {
            string text = Config[..length];
            var line = QemuCommandLine.Parse(["qemu-system-x86_64", "-readconfig", "x"], _ => text);
            Assert.InRange(line.QmpSockets.Count, 0, 1);
        }
    }

    [Theory]
    [InlineData(true, "-no-reboot", "-m", "1G")]
    [InlineData(true, "--no-reboot")]
    [InlineData(true, "-action", "panic=none,reboot=shutdown")]
    [InlineData(false, "-action", "reboot=reset")]
    [InlineData(false, "-no-shutdown")]
    public void EndsAtReset_IsRead(bool expected, params string[] arguments) =>
        Assert.Equal(expected, Parse(arguments).EndsAtReset);

    private static QemuCommandLine Parse(params string[] arguments) =>
        QemuCommandLine.Parse(
            ["qemu-system-x86_64", .. arguments],
            path =>
                path switch
                {
                    "qemu.conf" => Config,
                    "broken.conf" => "[memory]\n  size = 96\n",
                    _ => null,
                }
        );
}
