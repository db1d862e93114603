using Osprey.Guests.Memory;
using Osprey.Session.Answers.Guests.Allocations;
using Osprey.Target;
using Osprey.Target.Execution;
using Osprey.Target.Memory;
using Osprey.Tests.Builders.Guests;

namespace Osprey.Tests.Session.Guests.Memory;

/// <summary>The switch of the record of allocations: one byte, and nothing else.</summary>
public sealed class AllocationSwitchTests
{
    private const ulong Address = 0x4020_0123;

    private readonly Writer _writer = new();

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void Set_ToTheOtherState_WritesOneByte(bool before, bool after)
    {
        AllocationSwitchAnswer answer = Set(before, after);
        (ulong place, byte[] bytes) = Assert.Single(_writer.Written);
        Assert.Equal(0x20_0123UL, place);
        Assert.Equal([after ? (byte)1 : (byte)0], bytes);
        Assert.True(answer.IsWritten);
        Assert.Equal(
            $"the record of allocations is {(after ? "on" : "off")}: wrote {(after ? 1 : 0)} to tracker_enabled, "
                + "1 byte at 0x40200123 (physical 0x200123)",
            answer.Sentence
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Set_ToTheStateThatItHas_WritesNothing(bool state)
    {
        AllocationSwitchAnswer answer = Set(state, state);
        Assert.Empty(_writer.Written);
        Assert.False(answer.IsWritten);
        Assert.Contains("nothing is written", answer.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Set_OfAnAddressThatIsNotMapped_Fails()
    {
        Assert.Throws<TargetException>(() =>
            AllocationSwitchAnswer.Set(
                new GuestSwitch("tracker_enabled", 0x5000_0000, false),
                MakeSpace(),
                _writer,
                true
            )
        );
        Assert.Empty(_writer.Written);
    }

    private static AddressSpace MakeSpace()
    {
        PageTableBuilder tables = new PageTableBuilder().Map(0x4020_0000, 0x20_0000, PageTableBuilder.Present);
        return new AddressSpace(new FakeMemory().Add(0, tables.Build(0x1_0000)), tables.Paging, "made");
    }

    private AllocationSwitchAnswer Set(bool before, bool after) =>
        AllocationSwitchAnswer.Set(new GuestSwitch("tracker_enabled", Address, before), MakeSpace(), _writer, after);

    private sealed class Writer : IMemoryWriter
    {
        public List<(ulong Address, byte[] Bytes)> Written { get; } = [];

        public void Write(PhysicalAddress address, ReadOnlySpan<byte> bytes) =>
            Written.Add((address.Value, bytes.ToArray()));
    }
}
