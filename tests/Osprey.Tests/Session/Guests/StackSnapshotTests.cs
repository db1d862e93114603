using Osprey.Session.Guests.Stacks;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Memory;
using Osprey.Target.Unwinding;

namespace Osprey.Tests.Session.Guests;

public sealed class StackSnapshotTests
{
    private const ulong RedZone = 128;

    [Fact]
    public void Take_FramesInTwoPlaces_KeepsThemAsTheyWere()
    {
        var memory = new Clock();
        SnapshotMemory snapshot = StackSnapshot.Take(
            memory,
            Stack((0x1000, 0x1040), (0x1040, 0x1100), (0x9000, 0x9020))
        );

        memory.Now = 2;

        Assert.Equal(1, Read(snapshot, 0x1000 - RedZone));
        Assert.Equal(1, Read(snapshot, 0x10ff));
        Assert.Equal(2, Read(snapshot, 0x1100));
        Assert.Equal(2, Read(snapshot, 0x1000 - RedZone - 1));
        Assert.Equal(1, Read(snapshot, 0x901f));
        Assert.Equal(2, Read(snapshot, 0x9020));
    }

    [Theory]
    [InlineData(0x1000UL, null)]
    [InlineData(null, 0x1000UL)]
    [InlineData(0x1000UL, 0xf00UL)] // ends before it starts
    [InlineData(0x1000UL, 0x20_0000UL)] // larger than frames are
    [InlineData(8UL, 0x100UL)] // no room for a red zone
    public void Take_FrameWithoutAPlace_CopiesNothing(ulong? stackPointer, ulong? top)
    {
        var memory = new Clock();

        StackSnapshot.Take(memory, Stack((stackPointer, top)));

        Assert.Empty(memory.Reads);
    }

    [Fact]
    public void Take_StackOfGreatSize_CopiesItsFirstEightMebibytes()
    {
        var memory = new Clock();
        const ulong Size = 1 << 20;
        (ulong?, ulong?)[] frames =
        [
            .. Enumerable
                .Range(1, 20)
                .Select(i => ((ulong?)((ulong)i * Size), (ulong?)((ulong)(i + 1) * Size) - RedZone)),
        ];

        SnapshotMemory snapshot = StackSnapshot.Take(memory, Stack(frames));

        memory.Now = 2;
        Assert.Equal(8L << 20, memory.Reads.Take(1).Sum(read => read.Size));
        Assert.Equal(1, Read(snapshot, 2 * Size));
        Assert.Equal(2, Read(snapshot, 12 * Size));
    }

    [Fact]
    public void Take_FrameAtTheEndOfAddresses_IsKept()
    {
        var memory = new Clock();

        SnapshotMemory snapshot = StackSnapshot.Take(memory, Stack((ulong.MaxValue - 0x100, ulong.MaxValue - 7)));

        memory.Now = 2;
        Assert.Equal(1, Read(snapshot, ulong.MaxValue - 8));
    }

    private static int Read(SnapshotMemory memory, ulong address)
    {
        byte[] bytes = new byte[1];
        Assert.Equal(1, memory.Read(address, bytes));
        return bytes[0];
    }

    private static Backtrace Stack(params (ulong? StackPointer, ulong? Top)[] frames) =>
        new(
            [
                .. frames.Select(frame => new StackFrame(
                    new FrameAddress(0x5000, true),
                    Registers(frame.StackPointer),
                    frame.Top,
                    FrameOrigin.CallFrameInformation
                )),
            ],
            new BacktraceEnd(BacktraceEndKind.Outermost, 0),
            []
        );

    private static RegisterSet Registers(ulong? stackPointer)
    {
        var registers = new RegisterSet(X64Architecture.Instance);
        if (stackPointer is { } value)
            registers[X64Register.Rsp] = value;

        return registers;
    }

    /// <summary>Memory that holds the same byte everywhere, until that changes.</summary>
    private sealed class Clock : IMemoryReader
    {
        public byte Now { get; set; } = 1;

        public List<(ulong Address, int Size)> Reads { get; } = [];

        public int Read(ulong address, Span<byte> buffer)
        {
            Reads.Add((address, buffer.Length));
            buffer.Fill(Now);
            return buffer.Length;
        }
    }
}
