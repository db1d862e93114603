using Osprey.Guests.Linux.Threads;

namespace Osprey.Tests.Guests.Linux.Threads;

public sealed class LinuxTaskStateTests
{
    [Theory]
    [InlineData(0, 0, 'R', "runnable")]
    [InlineData(0x1, 0, 'S', "sleeping")]
    [InlineData(0x2001, 0, 'S', "sleeping")] // TASK_INTERRUPTIBLE | TASK_FREEZABLE
    [InlineData(0x2, 0, 'D', "uninterruptible")]
    [InlineData(0x102, 0, 'D', "uninterruptible")] // TASK_KILLABLE
    [InlineData(0x1000, 0, 'D', "uninterruptible")]
    [InlineData(0x8000, 0, 'D', "uninterruptible")]
    [InlineData(0x104, 0, 'T', "stopped")] // TASK_STOPPED
    [InlineData(0x8, 0, 't', "traced")]
    [InlineData(0x40, 0, 'P', "parked")]
    [InlineData(0x402, 0, 'I', "idle")]
    [InlineData(0x2402, 0, 'I', "idle")]
    [InlineData(0x80, 0x20, 'Z', "zombie")]
    [InlineData(0x80, 0x10, 'X', "dead")]
    [InlineData(0x200, 0, 'R', "runnable")] // TASK_WAKING
    public void State_IsThatOfProc(ulong state, ulong exit, char letter, string word) =>
        Assert.Equal(new LinuxTaskState(letter, word), LinuxTaskState.Of(state, exit));
}
