using System.Diagnostics;
using System.Runtime.InteropServices;
using Osprey.Target;
using Osprey.Target.Backends.Processes;
using Osprey.Target.Backends.Qemu.Processes;
using Osprey.Tests.Target.Backends.Qemu.Live;

namespace Osprey.Tests.Target.Backends.Processes;

public class ProcessMemoryTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_EitherWay_GivesTheBytesOrNone(bool isCallBarred)
    {
        byte[] bytes = GC.AllocateArray<byte>(100_000, pinned: true);
        new Random(1).NextBytes(bytes);
        using var memory = new ProcessMemory(OwnProcess.AsQemu(), isCallBarred);
        byte[] found = new byte[bytes.Length];
        ulong address = (ulong)Marshal.UnsafeAddrOfPinnedArrayElement(bytes, 0);

        Assert.Equal(bytes.Length, memory.Read(address, found));
        Assert.Equal(bytes, found);
        Assert.Equal(isCallBarred ? $"/proc/{Environment.ProcessId}/mem" : "process_vm_readv", memory.Method);
        foreach (ulong nowhere in (ulong[])[0, 8, long.MaxValue, 1UL << 63, ulong.MaxValue])
            Assert.Equal(0, memory.Read(nowhere, found));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_AProcessThatEnded_SaysSo(bool isCallBarred)
    {
        using var process = Process.Start("true");
        process.WaitForExit();
        QemuProcess ended = OwnProcess.AsQemu() with { ProcessId = process.Id };
        using var memory = new ProcessMemory(ended, isCallBarred);

        Assert.Equal(
            $"the guest ended: qemu pid {process.Id} does not run any more",
            Assert.Throws<TargetException>(() => memory.Read(0x1000, new byte[1])).Message
        );
    }
}
