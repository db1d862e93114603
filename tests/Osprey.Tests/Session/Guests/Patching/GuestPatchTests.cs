using Osprey.Guests.Memory;
using Osprey.Session.Guests;
using Osprey.Session.Guests.Patching;
using Osprey.Target;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Execution;
using Osprey.Target.Memory;
using Osprey.Tests.Builders.Guests;

namespace Osprey.Tests.Session.Guests.Patching;

/// <summary>Writes that are made together while the vCPUs stand still, or not at all.</summary>
public sealed class GuestPatchTests
{
    private const ulong Code = 0x4000_0100;
    private const ulong Flags = 0x4000_0f00;
    private const ulong Lock = 0x4000_0800;
    private const ulong Physical = 0x20_0000;

    private static readonly byte[] s_nop = [0x0f, 0x1f, 0x44, 0, 0];
    private static readonly byte[] s_jump = [0xe9, 1, 2, 0, 0];

    private readonly byte[] _ram = new byte[0x1000];
    private readonly Writer _writer;

    public GuestPatchTests()
    {
        s_nop.CopyTo(_ram, 0x100);
        _writer = new Writer(_ram);
    }

    [Fact]
    public void Apply_WhenAllIsAsPlanned_WritesInOrderAndFlagsTogether()
    {
        GuestPatchResult result = Apply(Enable());
        Assert.Equal([(0x20_0f00, "0101"), (0x20_0100, "e901020000")], _writer.Written);
        Assert.Equal("fake", result.Way);
        Assert.True(_writer.HasRunOn);
    }

    [Theory]
    [InlineData(0x100, "code of a at 0x40000100 changed meanwhile: try again; nothing was written")]
    [InlineData(0xf01, "active of a at 0x40000f01 changed meanwhile: try again; nothing was written")]
    [InlineData(0x802, "it is being changed; nothing was written")]
    public void Apply_WhenMemoryIsNoLongerAsPlanned_WritesNothing(int place, string reason)
    {
        _ram[place] ^= 0x10;
        Assert.Equal(reason, Assert.Throws<TargetException>(() => Apply(Enable())).Message);
        Assert.Empty(_writer.Written);
        Assert.True(_writer.HasRunOn);
    }

    [Theory]
    [InlineData(0, true)] // executes the new instruction
    [InlineData(1, false)]
    [InlineData(4, false)]
    [InlineData(5, true)]
    public void Apply_WithAVcpuAtTheInstruction_WritesUnlessItIsWithin(int offset, bool isWritten)
    {
        Exception? exception = Record.Exception(() => Apply(Enable(), Code + (ulong)offset));
        Assert.Equal(
            isWritten ? null : "vCPU 1 stands within code of a at 0x40000100: nothing was written",
            exception?.Message
        );
        Assert.Equal(isWritten, _writer.Written.Count > 0);
    }

    [Fact]
    public void Apply_OfFlagsAlone_AsksForNoRegisters()
    {
        Apply([.. Enable().Where(write => !write.IsCode)], pc: null);
        Assert.Single(_writer.Written);
        Assert.Throws<TargetException>(() => Apply([.. Enable().Where(write => write.IsCode)], pc: null));
        Assert.Single(_writer.Written);
    }

    [Fact]
    public void Apply_WhenTheWayBreaks_SaysHowFarItCame()
    {
        _writer.FailAt = 1;
        Assert.Equal(
            "it broke; 2 of 3 changes were written. The guest can run on with them: give the command again for the "
                + "rest",
            Assert.Throws<TargetException>(() => Apply(Enable())).Message
        );
        Assert.True(_writer.HasRunOn);
    }

    [Fact]
    public void Apply_WhenNothingStays_IsToldOf()
    {
        _writer.Drops = true;
        Assert.Equal(
            "_logging of a at 0x40000f00 does not hold what was written to it",
            Assert.Throws<TargetException>(() => Apply(Enable())).Message
        );
    }

    [Fact]
    public void Apply_AfterCtrlC_WritesNothing()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => Apply(Enable(), cancellation: cancelled.Token));
        Assert.Empty(_writer.Written);
        Assert.True(_writer.HasRunOn);
    }

    [Theory]
    [InlineData(0x4000_0ffe)] // the next page lies elsewhere
    [InlineData(0x5000_0000)] // not mapped
    public void Apply_OfBytesThatAreNotTogether_WritesNothing(ulong address)
    {
        Assert.Throws<TargetException>(() =>
            Apply([new GuestMemoryWrite("a", "code", address, s_nop, s_jump, IsCode: true)])
        );
        Assert.Empty(_writer.Written);
    }

    private static GuestMemoryWrite[] Enable() =>
        [
            new("a", "_logging", Flags, new byte[] { 0 }, new byte[] { 1 }, IsCode: false),
            new("a", "active", Flags + 1, new byte[] { 0 }, new byte[] { 1 }, IsCode: false),
            new("a", "code", Code, s_nop, s_jump, IsCode: true),
        ];

    private GuestPatchResult Apply(
        IReadOnlyList<GuestMemoryWrite> writes,
        ulong? pc = 0x4000_0000,
        CancellationToken cancellation = default
    )
    {
        PageTableBuilder tables = new PageTableBuilder()
            .Map(0x4000_0000, Physical, PageTableBuilder.Present)
            .Map(0x4000_1000, 0x40_0000, PageTableBuilder.Present);
        FakeMemory memory = new FakeMemory().Add(Physical, _ram).Add(0, tables.Build(0x1_0000));
        var space = new AddressSpace(memory, tables.Paging, "made");
        RegisterSet?[] cpus = pc is { } at ? [At(0x4000_0000), At(at)] : [null];
        var target = new FakeTarget(memory, cpus);
        using var session = GuestSession.Over(target, new GuestSettings());
        var guard = new GuestMemoryGuard(Lock, new byte[4], "it is being changed");
        return new GuestPatch(session, writes, [guard]).Apply(
            space,
            () => new PatchWay(target, memory, _writer, new Pause(_writer), TimeSpan.Zero),
            _ => new Watch(),
            cancellation
        );
    }

    private static RegisterSet At(ulong pc)
    {
        var registers = new RegisterSet(X64Architecture.Instance);
        registers[X64Register.Rip] = pc;
        return registers;
    }

    private sealed class Watch : IDisposable
    {
        public void Dispose() { }
    }

    private sealed class Writer(byte[] ram) : IMemoryWriter
    {
        public List<(ulong Address, string Bytes)> Written { get; } = [];

        public int? FailAt { get; set; }

        public bool Drops { get; set; }

        public bool HasRunOn { get; set; }

        public void Write(PhysicalAddress address, ReadOnlySpan<byte> bytes)
        {
            if (Written.Count == FailAt)
                throw new TargetException("it broke");

            Written.Add((address.Value, Convert.ToHexStringLower(bytes)));
            if (!Drops)
                bytes.CopyTo(ram.AsSpan((int)(address.Value - Physical)));
        }
    }

    private sealed class Pause(Writer writer) : IDisposable
    {
        public void Dispose() => writer.HasRunOn = true;
    }
}
