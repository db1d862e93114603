using Osprey.Rsp.Client;
using Osprey.Target;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Backends.Gdb;
using Osprey.Target.Memory;
using Osprey.Tests.Builders.Guests;

namespace Osprey.Tests.Target.Backends.Gdb;

public sealed class GdbTargetTests
{
    private static readonly RspOptions s_protocol = new()
    {
        Timeout = TimeSpan.FromMilliseconds(40),
        QuietTime = TimeSpan.FromMilliseconds(5),
    };

    private static readonly GdbOptions s_options = new() { Protocol = s_protocol };

    [Fact]
    public void Dispose_GuestThatRan_IsLetRun()
    {
        FakeStub stub = new FakeStub().Accept();
        using (GdbTarget target = Open(stub))
        {
            Assert.Equal(
                (TargetAccess.Paused, 2, true, "gdb stub fake"),
                (target.Access, target.CpuCount, target.WasRunning, target.Name)
            );
            Assert.Empty(target.Notes);
        }

        Assert.True(stub.IsRunning);
        Assert.True(stub.IsClosed);
        Assert.Equal("D;1", stub.Log[^1]);
    }

    [Fact]
    public void Dispose_GuestThatWasPaused_StaysPaused()
    {
        FakeStub stub = new FakeStub { WasRunning = false }.Accept();
        using (GdbTarget target = Open(stub))
        {
            Assert.False(target.WasRunning);
            Assert.Equal(TimeSpan.Zero, target.PausedFor);
        }

        Assert.False(stub.IsRunning);
        Assert.True(stub.IsClosed);
        Assert.DoesNotContain("D;1", stub.Log);
    }

    [Theory]
    [InlineData("VM status: paused\r\n", "8.1.0", true, true)]
    [InlineData("VM status: paused\r\n", "10.0.2 (v10.0.2)", true, true)]
    [InlineData("VM status: paused\r\n", "?", true, true)]
    [InlineData("VM status: paused\r\n", "7.2.22 (Debian 1:7.2)", false, false)]
    [InlineData("VM status: paused (prelaunch)\r\n", "10.0.2", false, false)]
    [InlineData("VM status: paused (internal-error)\r\n", "10.0.2", false, false)]
    [InlineData("unknown command: 'info status'\r\n", "?", true, true)]
    public void Connect_NoStopPacket_FindsOutOtherwiseOrSaysThatItCant(
        string status,
        string version,
        bool wasRunning,
        bool isNoted
    )
    {
        FakeStub stub = new FakeStub { IsSilentOnConnect = true }.Accept();
        stub.Commands["info status"] = status;
        stub.Commands["info version"] = version;
        using GdbTarget target = Open(stub);

        Assert.Equal(wasRunning, target.WasRunning);
        Assert.Equal(
            isNoted ? ["the gdb stub does not tell whether the guest was running; it will be let run at the end"] : [],
            target.Notes
        );
    }

    [Fact]
    public void Connect_StateKnownFromElsewhere_IsTaken()
    {
        FakeStub stub = new FakeStub { IsSilentOnConnect = true }.Accept();
        stub.Commands["info version"] = "10.0.2";
        using (GdbTarget target = Open(stub, s_options with { WasRunning = false }))
            Assert.Empty(target.Notes);

        Assert.False(stub.IsRunning);
    }

    [Fact]
    public void ReadRegisters_OfEachVcpu_ByDescription()
    {
        FakeStub stub = new FakeStub().Accept();
        stub.Replies["p5"] = "2120000000000000";
        using GdbTarget target = Open(stub);

        RegisterSet first = target.ReadRegisters(0);
        RegisterSet second = target.ReadRegisters(1);

        Register[] some =
        [
            X64Register.Rax,
            X64Register.Rip,
            X64Register.Rflags,
            X64Register.Cs,
            X64Register.FsBase,
            X64Register.KernelGsBase,
            X64Register.Cr3,
            X64Register.Rbx,
        ];
        Assert.Equal([1, 0xfff0, 2, 0xf000, 0x1000, 0x2000, 0x3000, null], some.Select(register => first[register]));
        Assert.Equal([2, 0xfff1, 0x246, 8, 0x1010, 0x2021, 0x3010, null], some.Select(register => second[register]));
        Assert.Equal(
            "the guest has 2 CPUs; there is no CPU 2",
            Assert.Throws<TargetException>(() => target.ReadRegisters(2)).Message
        );
    }

    [Fact]
    public void ReadRegisters_Twice_AsksOnceUntilRefresh()
    {
        FakeStub stub = new FakeStub().Accept();
        using GdbTarget target = Open(stub);

        target.ReadRegisters(0)[X64Register.Rax] = 99;
        Assert.Equal(1UL, target.ReadRegisters(0)[X64Register.Rax]);
        Assert.Single(stub.Log, "g");
        target.Refresh();
        target.ReadRegisters(0);
        Assert.Equal(2, stub.Log.Count(request => request == "g"));
    }

    [Fact]
    public void ReadRegisters_StubWithoutControlRegisters_AsksTheMonitor()
    {
        FakeStub stub = new FakeStub().Accept();
        stub.Documents["i386-64bit.xml"] =
            "<feature name='f'><reg name='rax' bitsize='64'/><reg name='rip' bitsize='64'/></feature>";
        stub.Commands["info registers -a"] =
            "CPU#0\r\nRIP=1 RAX=2\r\nFS =0010 00001000 ffffffff\r\nCR3=5000\r\nCPU#1\r\nRIP=3 "
            + "RAX=4\r\nFS =0010 00002000 0\r\nCR3=6000\r\n";
        using GdbTarget target = Open(stub);

        RegisterSet second = target.ReadRegisters(1);

        Assert.Equal(
            [2, 0xfff1, 0x10, 0x2000, 0x6000],
            new[] { X64Register.Rax, X64Register.Rip, X64Register.Fs, X64Register.FsBase, X64Register.Cr3 }.Select(
                register => second[register]
            )
        );
    }

    [Fact]
    public void Memory_Blocks_AreTheMapsMemory()
    {
        using GdbTarget target = Open(new FakeStub().Accept());

        Assert.Equal(
            [
                new MemoryBlock(new PhysicalAddress(0), 0xa0000, MemoryBlockKind.Ram, "pc.ram"),
                new MemoryBlock(new PhysicalAddress(0xc0000), 0x40000, MemoryBlockKind.Rom, "pc.ram"),
                new MemoryBlock(new PhysicalAddress(0x100000), 0x100000, MemoryBlockKind.Ram, "pc.ram"),
            ],
            target.Memory.Blocks
        );
    }

    [Theory]
    [InlineData(0x1234UL, 0x100, 0x100)]
    [InlineData(0x9fff8UL, 0x100, 8)]
    [InlineData(0xa0000UL, 0x100, 0)]
    [InlineData(0xff000UL, 0x3000, 0x3000)]
    [InlineData(0x1ffff0UL, 0x20, 0x10)]
    [InlineData(0x0UL, 0x200000, 0xa0000)]
    [InlineData(0xc0000UL, 0x200000, 0x140000)]
    [InlineData(0xffffffffffffff00UL, 0x200, 0)]
    public void Memory_Reads_StopWhereMemoryDoes(ulong address, int size, int expected)
    {
        FakeStub stub = new FakeStub().Accept();
        using GdbTarget target = Open(stub);
        byte[] buffer = new byte[size];

        Assert.Equal(expected, target.Memory.Read(new PhysicalAddress(address), buffer));
        byte[] bytes = new byte[size];
        for (int i = 0; i < expected; i++)
            bytes[i] = FakeStub.ByteAt(address + (ulong)i, isPhysical: true);

        Assert.True(bytes.AsSpan().SequenceEqual(buffer));
        Assert.DoesNotContain("ma0000,", string.Join(' ', stub.Log), StringComparison.Ordinal);
        Assert.False(stub.IsPhysical);
    }

    [Fact]
    public void Memory_SmallReadsInARow_AreReadAheadAndKept()
    {
        FakeStub stub = new FakeStub().Accept();
        using GdbTarget target = Open(stub);
        stub.Log.Clear();
        byte[] word = new byte[8];
        for (ulong address = 0x4000; address < 0x14000; address += 0x100)
        {
            Assert.Equal(8, target.Memory.Read(new PhysicalAddress(address), word));
            Assert.Equal(FakeStub.ByteAt(address, isPhysical: true), word[0]);
        }

        Assert.Equal(5, stub.Log.Count(request => request == "Qqemu.PhyMemMode:1")); // 1, 2, 4, 8 and 16 pages
        stub.Log.Clear();
        target.Memory.Read(new PhysicalAddress(0x5000), word);
        Assert.Empty(stub.Log);
        target.Refresh();
        target.Memory.Read(new PhysicalAddress(0x5000), word);
        Assert.Equal(["Qqemu.PhyMemMode:1", "m5000,800", "m5800,800", "Qqemu.PhyMemMode:0"], stub.Log);
    }

    [Fact]
    public void Memory_StubWithoutPhysicalMode_ReadsThroughTheMonitor()
    {
        FakeStub stub = new FakeStub { HasPhysicalMode = false }.Accept();
        stub.Commands["xp /512gx 0x1000"] = string.Concat(
            Enumerable.Range(0, 256).Select(i => $"{0x1000 + (i * 16):x16}: 0x{i:x16} 0x1122334455667788\r\n")
        );
        using GdbTarget target = Open(stub);
        byte[] buffer = new byte[12];

        Assert.Equal(12, target.Memory.Read(new PhysicalAddress(0x1018), buffer));
        Assert.Equal(
            "88776655443322110200 0000".Replace(" ", "", StringComparison.Ordinal),
            Convert.ToHexStringLower(buffer)
        );
        Assert.Equal(["the gdb stub has no physical mode: memory is read through the monitor, slowly"], target.Notes);
        Assert.Equal(0, target.Memory.Read(new PhysicalAddress(0x8000), buffer));
    }

    [Fact]
    public void VirtualMemory_IsTranslatedByTheVcpu()
    {
        FakeStub stub = new FakeStub().Accept();
        using GdbTarget target = Open(stub);
        byte[] buffer = new byte[0x20];

        Assert.Equal(0x10, target.GetVirtualMemory(1).Read(0xffff0, buffer));
        Assert.Equal(FakeStub.ByteAt(0xffff0, isPhysical: false), buffer[0]);
        Assert.Equal(1, stub.SelectedThread);
    }

    [Fact]
    public void Read_SomebodyLetTheGuestRun_ForgetsWhatWasKeptAndSaysSo()
    {
        FakeStub stub = new FakeStub().Accept();
        using GdbTarget target = Open(stub);
        byte[] word = new byte[8];
        target.Memory.Read(new PhysicalAddress(0x1000), word);
        stub.With("g", FakeStubFault.RanMeanwhile);
        target.ReadRegisters(0);
        stub.Log.Clear();

        target.Memory.Read(new PhysicalAddress(0x1000), word);

        Assert.Equal(["the guest was let run by somebody else while it was read"], target.Notes);
        Assert.Equal(4, stub.Log.Count);
    }

    [Fact]
    public void Connect_SeveralClusters_IsRefusedAndTheGuestLetRun()
    {
        FakeStub stub = new FakeStub { Threads = ["p01.01", "p02.01"] }.Accept();

        Assert.Equal(
            "the gdb stub's vCPUs belong to several clusters (processes); only guests with one can be read",
            Assert.Throws<TargetException>(() => Open(stub)).Message
        );
        Assert.True(stub.IsRunning);
        Assert.True(stub.IsClosed);
    }

    [Fact]
    public void Connect_AnotherArchitecture_IsRefusedAndTheGuestLetRun()
    {
        FakeStub stub = new FakeStub().Accept();
        stub.Documents["target.xml"] =
            "<target><architecture>aarch64</architecture><reg name='x0' bitsize='64'/></target>";

        Assert.Equal(
            "the guest's architecture is aarch64; only x86-64 can be read through a gdb stub",
            Assert.Throws<TargetException>(() => Open(stub)).Message
        );
        Assert.True(stub.IsRunning);
    }

    [Fact]
    public void Connect_OneProcessStub_DetachesWithoutNamingIt()
    {
        FakeStub stub = new FakeStub { HasMultiprocess = false, Threads = ["1", "2"] }.Accept();
        using (GdbTarget target = Open(stub))
            target.ReadRegisters(1);

        Assert.Contains("Hg2", stub.Log);
        Assert.Equal("D", stub.Log[^1]);
        Assert.True(stub.IsRunning);
    }

    [Fact]
    public void Connect_NobodyAnswers_SaysWhatMayBe()
    {
        FakeStub stub = new FakeStub().With("qSupported", FakeStubFault.Silence);

        TargetException silent = Assert.Throws<TargetException>(() => Open(stub));

        Assert.Equal(
            "gdb stub fake: the stub did not answer within 0.04 s; sent \"qSupported:multiprocess+;xmlRegisters=i386\"",
            silent.Message
        );
        Assert.Equal(TargetProblem.StubSilent, silent.Problem);
        Assert.True(stub.IsClosed);
    }

    [Fact]
    public async Task Dispose_InTheMiddleOfARequest_LeavesTheGuestAsFound()
    {
        FakeStub stub = new FakeStub().Accept();
        GdbTarget target = Open(
            stub,
            new GdbOptions { Protocol = s_protocol with { Timeout = TimeSpan.FromMinutes(5) } }
        );
        stub.With("m", FakeStubFault.Silence, times: 2).With("Qqemu.PhyMemMode:0", FakeStubFault.Silence);
        Task<TargetException> reading = Task.Run(() =>
            Assert.Throws<TargetException>(() => target.Memory.Read(new PhysicalAddress(0x1000), new byte[8]))
        );

        while (!stub.Log.Contains("m1000,800"))
            await Task.Delay(1);

        target.Dispose();

        TargetException ended = await reading;
        Assert.Equal((TargetProblem.LetGo, "gdb stub fake has been let go of"), (ended.Problem, ended.Message));
        Assert.True(stub.IsRunning);
        Assert.False(stub.IsPhysical);
        Assert.Throws<TargetException>(() => target.ReadRegisters(0));
    }

    [Theory]
    [InlineData("localhost:1234", "localhost:1234")]
    [InlineData(":1234", "localhost:1234")]
    [InlineData("[::1]:99", "::1:99")]
    [InlineData("unix:/run/x.sock", "unix:/run/x.sock")]
    public void Endpoint_Forms_AreRead(string text, string expected) =>
        Assert.Equal(expected, GdbEndpoint.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("1234")]
    [InlineData("unix:")]
    [InlineData("host:")]
    [InlineData("host:0")]
    [InlineData("host:65536")]
    public void Endpoint_Malformed_IsRefused(string text) =>
        Assert.Throws<TargetException>(() => GdbEndpoint.Parse(text));

    [Theory]
    [InlineData("localhost:1")]
    [InlineData("unix:/nonexistent/socket")]
    public void Connect_NobodyListens_SaysThatThereIsNoStub(string endpoint) =>
        Assert.Equal(TargetProblem.NoStub, Assert.Throws<TargetException>(() => GdbTarget.Connect(endpoint)).Problem);

    private static GdbTarget Open(FakeStub stub, GdbOptions? options = null) =>
        GdbTarget.Open(stub, "gdb stub fake", options ?? s_options, connected: 0);
}
