using Osprey.Target;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Backends.CoreFile;
using Osprey.Target.Memory;
using Osprey.Tests.Builders.Guests;
using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Target.Backends.CoreFile;

/// <summary>Dumps of real guests against what QEMU says of the guest itself.</summary>
public class QemuCoreTests
{
    [ToolFact("qemu-system-x86_64")]
    [Trait("Category", "Slow")]
    public void Open_FirmwareThatQemuDumped_HoldsWhatTheGuestHas()
    {
        using var guest = new QemuGuest();
        Thread.Sleep(1000); // into the firmware; any place will do
        guest.Execute("stop", new { });
        Compare(guest);
    }

    [ToolTheory("qemu-system-x86_64", "as", "ld")]
    [Trait("Category", "Slow")]
    [InlineData(false)]
    [InlineData(true)]
    public void Open_LongModeThatQemuDumped_HoldsWhatTheGuestHas(bool fiveLevels)
    {
        using QemuGuest guest = LongModeGuest.Boot(fiveLevels);
        Compare(guest);
    }

    [ToolTheory("qemu-system-x86_64", "as", "ld")]
    [Trait("Category", "Slow")]
    [InlineData(false)]
    [InlineData(true)]
    public void Open_ProtectedModeThatQemuDumped_HoldsWhatTheGuestHas(bool pae)
    {
        using QemuGuest guest = ProtectedModeGuest.Boot(pae);
        Compare(guest);
    }

    [ToolFact("qemu-system-x86_64", "as", "ld", "gdb", "readelf")]
    [Trait("Category", "Slow")]
    public void Write_CoreOfARealGuest_IsReadByOthersAndByUs()
    {
        using QemuGuest guest = LongModeGuest.Boot(false);
        using CoreTarget original = CoreTarget.Open(guest.Dump(false, "kdump-zlib"));
        string path = Path.Combine(guest.Folder, "own.core");
        CoreWriteResult result = CoreWriter.Write(original, path);
        using CoreTarget written = CoreTarget.Open(path);

        Assert.Equal((2, 0UL, null), (result.Cpus, result.UnreadableBytes, result.CpuProblem));
        Assert.Equal(original.Memory.Blocks, written.Memory.Blocks);
        for (int i = 0; i < 2; i++)
            Assert.Equal(
                CoreTargetTests.Describe(original.ReadRegisters(i)),
                CoreTargetTests.Describe(written.ReadRegisters(i))
            );

        Assert.Equal(
            CoreTargetTests.ReadAll(original.Memory, 0, 32 << 20),
            CoreTargetTests.ReadAll(written.Memory, 0, 32 << 20)
        );

        string readelf = Tools.Run("bash", ["-c", $"readelf -aW '{path}' 2>&1"]);
        Assert.DoesNotContain("arning", readelf, StringComparison.Ordinal);
        Assert.DoesNotContain("rror", readelf, StringComparison.Ordinal);

        string gdb = Tools.Run(
            "bash",
            ["-c", $"gdb -nx -batch -ex 'info registers' -ex 'x/1gx 0x7c00' -core '{path}' 2>&1"]
        );
        RegisterSet registers = original.ReadRegisters(0);
        foreach (Register register in X64Architecture.Instance.Registers)
        {
            if (register.Index <= X64Register.Rip.Index) // the bases of segments gdb shows for Linux only
                Assert.Matches($@"(?m)^{register} +0x{registers[register]:x} ", gdb);
        }

        byte[] code = CoreTargetTests.ReadAll(original.Memory, 0x7c00, 8);
        Assert.Contains($"0x7c00:\t0x{BitConverter.ToUInt64(code):x16}", gdb, StringComparison.Ordinal);
    }

    [ToolFact("gdb", "sleep")]
    public void Open_CoreOfAProcess_IsRefused()
    {
        string folder = Directory.CreateTempSubdirectory("osprey-process").FullName;
        try
        {
            string path = Path.Combine(folder, "process.core");
            Tools.Run(
                "gdb",
                [
                    "-nx",
                    "-batch",
                    "-ex",
                    "starti",
                    "-ex",
                    $"generate-core-file {path}",
                    "-ex",
                    "kill",
                    "--args",
                    "/bin/sleep",
                    "60",
                ]
            );

            Assert.Equal(
                $"{path} is the core of a process (no physical addresses), not a guest's memory",
                Assert.Throws<TargetException>(() => CoreTarget.Open(path)).Message
            );
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Compare(QemuGuest guest)
    {
        byte[] memory = guest.SaveMemory(0, 32 << 20);
        byte[] firmware = guest.SaveMemory(0xfffc_0000, 0x4_0000);
        foreach (
            string core in (string[])
                [guest.Dump(false, "elf"), guest.Dump(true, "elf"), guest.Dump(false, "kdump-zlib")]
        )
        {
            using CoreTarget target = CoreTarget.Open(core);
            Assert.Equal(2, target.CpuCount);
            for (int i = 0; i < 2; i++)
                CompareRegisters(QemuRegisters.Parse(guest.Monitor("info registers", i)), target.ReadRegisters(i));

            CompareMemory(memory, target.Memory, 0, core);
            CompareMemory(firmware, target.Memory, 0xfffc_0000, core);
            Assert.Empty(target.Notes);
        }
    }

    private static void CompareMemory(byte[] expected, IPhysicalMemory memory, ulong start, string core)
    {
        // A dump with paging of a guest in long mode has only what is mapped.
        byte[] found = new byte[expected.Length];
        long compared = 0;
        foreach (MemoryBlock block in memory.Blocks)
        {
            ulong from = Math.Max(block.Start.Value, start);
            ulong to = Math.Min(block.End.Value, start + (ulong)expected.Length);
            if (from >= to)
                continue;

            Span<byte> part = found.AsSpan((int)(from - start), (int)(to - from));
            Assert.Equal(part.Length, memory.Read(new PhysicalAddress(from), part));
            Assert.True(expected.AsSpan((int)(from - start), part.Length).SequenceEqual(part), $"{core}: 0x{from:x}");
            compared += part.Length;
        }

        Assert.True(core.Contains("paging", StringComparison.Ordinal) || compared == expected.Length);
    }

    private static void CompareRegisters(RegisterSet expected, RegisterSet found)
    {
        string[] differences =
        [
            .. X64Architecture
                .Instance.Registers.Where(register =>
                    register != X64Register.Efer
                    && register != X64Register.Cr8
                    && expected[register] is { } value
                    && found[register] != value
                )
                .Select(register => $"{register}: {expected[register]:x}, found {found[register]:x}"),
        ];
        Assert.Empty(differences);
        Assert.Equal(X64Paging.FromRegisters(expected), X64Paging.FromRegisters(found));
        Assert.NotNull(expected[X64Register.Rip]);
        Assert.NotNull(expected[X64Register.FsBase]);
    }
}
