using Osprey.Binary;
using Osprey.Binary.Elf;
using Osprey.Target;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Backends.CoreFile;
using Osprey.Target.Memory;
using Osprey.Tests.Binary;
using Osprey.Tests.Builders.Guests;

namespace Osprey.Tests.Target.Backends.CoreFile;

public class CoreTargetTests
{
    [Fact]
    public void Open_ElfCore_GivesMemoryByPhysicalAddressAndRegisters()
    {
        RegisterSet cpu = MakeCpu(1);
        byte[] core = new GuestCoreBuilder { VirtualAddress = _ => 0 }
            .AddBlock(0, Fill(0x3000, 1))
            .AddBlock(0xfffc_0000, Fill(0x1000, 2))
            .AddCpu(cpu)
            .AddCpu(MakeCpu(2))
            .BuildElf();
        using CoreTarget target = Open(core);

        Assert.Equal(
            [(0UL, 0x3000UL), (0xfffc_0000, 0x1000)],
            target.Memory.Blocks.Select(block => (block.Start.Value, block.Size))
        );
        Assert.Equal(Fill(0x3000, 1), ReadAll(target.Memory, 0, 0x4000));
        Assert.Equal(Fill(0x1000, 2)[0xff0..], ReadAll(target.Memory, 0xfffc_0ff0, 32));
        Assert.Empty(ReadAll(target.Memory, 0x3000, 8));
        Assert.Equal(2, target.CpuCount);
        Assert.Equal(Describe(cpu), Describe(target.ReadRegisters(0)));
        Assert.Empty(target.Notes);
        Assert.Equal(TargetAccess.Core, target.Access);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void Open_OtherHeaders_GiveTheSame(bool is32Bit, bool countInSection)
    {
        byte[] core = new GuestCoreBuilder
        {
            Machine = ElfMachine.I386,
            Is32Bit = is32Bit,
            CountInSection = countInSection,
        }
            .AddBlock(0x1000, Fill(0x1000, 3))
            .AddCpu(MakeCpu(1))
            .BuildElf();
        using CoreTarget target = Open(core);

        Assert.Equal(Fill(0x1000, 3), ReadAll(target.Memory, 0x1000, 0x2000));
        Assert.Equal(Describe(MakeCpu(1)), Describe(target.ReadRegisters(0)));
    }

    [Fact]
    public void Open_WithoutQemuNotes_TakesTheProcessStatus()
    {
        byte[] core = new GuestCoreBuilder { QemuNotes = false }
            .AddBlock(0, Fill(16, 1))
            .AddCpu(MakeCpu(1))
            .BuildElf();
        using CoreTarget target = Open(core);
        RegisterSet registers = target.ReadRegisters(0);

        Assert.Equal(MakeCpu(1)[X64Register.Rip], registers[X64Register.Rip]);
        Assert.Null(registers[X64Register.Cr3]);
    }

    [Fact]
    public void Open_SegmentsThatRepeatOrAreNowhere_AreReadOnce()
    {
        var builder = new GuestCoreBuilder()
            .AddBlock(0x1000, Fill(0x1000, 1))
            .AddBlock(0x2000, Fill(0x1000, 2))
            .AddCpu(MakeCpu(1));
        // Where the first block lies with four more program headers
        int memory = builder.BuildElf().Length - 0x2000 + (4 * 56);
        builder.AddSegment(Load((ulong)memory, 0x4000_0000, 0x1800, 0x400)); // within the first
        builder.AddSegment(Load((ulong)memory + 0x1800, 0x5000_0000, 0x2800, 0x800)); // within the second
        builder.AddSegment(Load(ulong.MaxValue, 0x6000_0000, 0xfee0_0000, 0x1000)); // not RAM: offset -1
        builder.AddSegment(Load(0, 0x7000_0000, 0xfed0_0000, 0) with { MemorySize = 0x1000 }); // not RAM: no bytes
        using CoreTarget target = Open(builder.BuildElf());

        Assert.Equal([.. Fill(0x1000, 1), .. Fill(0x1000, 2)], ReadAll(target.Memory, 0x1000, 0x3000));
        Assert.Equal(
            [new MemoryBlock(new PhysicalAddress(0x1000), 0x2000, MemoryBlockKind.Unknown, "")],
            target.Memory.Blocks
        );
    }

    [Fact]
    public void Open_CutShort_GivesWhatIsThereAndSaysSo()
    {
        byte[] core = new GuestCoreBuilder().AddBlock(0, Fill(0x3000, 1)).AddCpu(MakeCpu(1)).BuildElf();
        using CoreTarget target = Open(core[..^0x1801]);

        Assert.Equal(Fill(0x3000, 1)[..0x17ff], ReadAll(target.Memory, 0, 0x3000));
        Assert.Equal(["test.core is cut short: 6145 bytes that it declares are missing"], target.Notes);
    }

    [Fact]
    public void Open_WhatIsNoGuestsMemory_IsRefusedWithItsName()
    {
        byte[] ofProcess = new GuestCoreBuilder { PhysicalAddress = _ => 0 }
            .AddBlock(0x40_0000, Fill(16, 1))
            .AddBlock(0x50_0000, Fill(16, 2))
            .BuildElf();
        byte[] withFiles = new GuestCoreBuilder()
            .AddBlock(0x40_0000, Fill(16, 1))
            .AddNote("CORE", 0x46494c45, new byte[16])
            .BuildElf();
        byte[] executable = new GuestCoreBuilder { Type = ElfType.Executable }
            .AddBlock(0x40_0000, Fill(16, 1))
            .BuildElf();

        Assert.Equal(
            [
                "test.core is the core of a process (no physical addresses), not a guest's memory",
                "test.core is the core of a process (no physical addresses), not a guest's memory",
                "test.core is an ELF file, but not a core",
                "test.core is a Windows crash dump, which is not read",
                "test.core is neither an ELF core nor a kdump-compressed file",
                "test.core is neither an ELF core nor a kdump-compressed file",
            ],
            ((byte[][])[ofProcess, withFiles, executable, [.. "PAGEDU64"u8], [.. "hello"u8], []]).Select(bytes =>
                Assert.Throws<TargetException>(() => Open(bytes)).Message
            )
        );
        Assert.Throws<TargetException>(() => CoreTarget.Open("/nonexistent/core"));
    }

    [Theory]
    [InlineData(false, 0, false)]
    [InlineData(true, 0, false)]
    [InlineData(false, 777, false)]
    [InlineData(false, 4096, true)]
    [InlineData(true, 5000, true)]
    public void Open_Kdump_UnpacksPages(bool is32Bit, int flattened, bool overlap)
    {
        byte[] random = new byte[4096];
        new Random(1).NextBytes(random);
        byte[] file = new KdumpBuilder
        {
            Is32Bit = is32Bit,
            PageCount = 40_000,
            Notes = new GuestCoreBuilder().AddCpu(MakeCpu(1)).BuildNotes(),
        }
            .AddPage(0, Fill(4096, 1))
            .AddPage(1, random)
            .AddPage(2, new byte[4096])
            .AddPage(3, null)
            .AddPage(5000, new byte[4096])
            .AddPage(5001, Fill(4096, 7))
            .AddPage(39_999, Fill(4096, 9))
            .Build();
        using CoreTarget target = Open(flattened == 0 ? file : KdumpBuilder.Flatten(file, flattened, overlap));

        Assert.Equal(
            [(0UL, 0x4000UL), (5000 * 4096, 0x2000), (39_999 * 4096, 0x1000)],
            target.Memory.Blocks.Select(block => (block.Start.Value, block.Size))
        );
        Assert.Equal([.. Fill(4096, 1), .. random, .. new byte[4096]], ReadAll(target.Memory, 0, 0x5000));
        Assert.Equal([.. new byte[4095], .. Fill(4096, 7)], ReadAll(target.Memory, (5000 * 4096) + 1, 0x2000));
        Assert.Equal(Fill(4096, 9), ReadAll(target.Memory, 39_999 * 4096, 200_000));
        Assert.Empty(ReadAll(target.Memory, 0x3000, 1));
        Assert.Equal(Describe(MakeCpu(1)), Describe(target.ReadRegisters(0)));
        Assert.Empty(target.Notes);
    }

    [Theory]
    [InlineData(0x2u)]
    [InlineData(0x4u)]
    [InlineData(0x20u)]
    public void Open_KdumpPackedOtherwise_UnpacksPages(uint way)
    {
        byte[] random = new byte[4096];
        new Random(1).NextBytes(random);
        byte[] file = new KdumpBuilder { Status = way }
            .AddPage(0, Fill(4096, 1))
            .AddPage(1, random)
            .AddPage(2, new byte[4096])
            .AddPage(3, Fill(4096, 9))
            .Build();
        using CoreTarget target = Open(file);

        Assert.True(file.Length < 8 * 4096, "nothing was packed");
        Assert.Equal(
            [.. Fill(4096, 1), .. random, .. new byte[4096], .. Fill(4096, 9)],
            ReadAll(target.Memory, 0, 0x4000)
        );
        Assert.Equal(["the core holds no registers"], target.Notes);
    }

    [Fact]
    public void Open_FlattenedElf_IsRead()
    {
        byte[] core = new GuestCoreBuilder().AddBlock(0, Fill(0x3000, 1)).AddCpu(MakeCpu(1)).BuildElf();
        using CoreTarget target = Open(KdumpBuilder.Flatten(core, 1000));

        Assert.Equal(Fill(0x3000, 1), ReadAll(target.Memory, 0, 0x3000));
        Assert.Equal(Describe(MakeCpu(1)), Describe(target.ReadRegisters(0)));
    }

    [Fact]
    public void Open_FlattenedWithoutEnd_SaysSo()
    {
        byte[] file = new KdumpBuilder().AddPage(0, Fill(4096, 1)).Build();
        using CoreTarget target = Open(KdumpBuilder.Flatten(file, 1000, end: false));

        Assert.Equal(Fill(4096, 1), ReadAll(target.Memory, 0, 4096));
        Assert.Equal(["test.core is cut short: its end is missing", "the core holds no registers"], target.Notes);
    }

    [Fact]
    public void Read_DamagedPage_IsUnreadableAndCounted()
    {
        byte[] file = new KdumpBuilder().AddPage(0, Fill(4096, 1)).AddPage(1, Fill(4096, 2)).Build();
        file[^1] ^= 0xff; // the checksum of the last page
        using CoreTarget target = Open(file);

        Assert.Equal(Fill(4096, 1), ReadAll(target.Memory, 0, 8192));
        Assert.Contains("1 pages could not be unpacked and count as unreadable", target.Notes);
    }

    [Fact]
    public void ReadRegisters_OfNoSuchCpu_Throws()
    {
        using CoreTarget target = Open(new GuestCoreBuilder().AddBlock(0, Fill(16, 1)).AddCpu(MakeCpu(1)).BuildElf());

        Assert.Equal(
            "test.core has 1 CPU; there is no CPU 1",
            Assert.Throws<TargetException>(() => target.ReadRegisters(1)).Message
        );
    }

    [Fact]
    public void Open_TruncatedElf_NeverDoesMoreThanRefuse() =>
        Assert.InRange(Mutations.Truncate(MakeSmall(0), ReadEverything), 1, 2000);

    [Theory]
    [Trait("Category", "Slow")]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Open_TruncatedKdump_NeverDoesMoreThanRefuse(int kind) =>
        Assert.InRange(Mutations.Truncate(MakeSmall(kind), ReadEverything), 1, 10_000);

    [Theory]
    [InlineData(0, 500)]
    [InlineData(1, 500)]
    [InlineData(2, 500)]
    [InlineData(3, 500)]
    [InlineData(4, 500)]
    [InlineData(5, 500)]
    public void Open_Changed_NeverDoesMoreThanRefuse(int kind, int count) =>
        Assert.InRange(Mutations.Change(MakeSmall(kind), 7, count, ReadEverything), 0, count);

    [Theory]
    [Trait("Category", "Slow")]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Open_ChangedOften_NeverDoesMoreThanRefuse(int kind) =>
        Assert.InRange(Mutations.Change(MakeSmall(kind), 8, 2500, ReadEverything), 0, 2500);

    internal static CoreTarget Open(byte[] core) => CoreTarget.Open(new MemoryByteSource("test.core", core));

    internal static RegisterSet MakeCpu(ulong seed)
    {
        var registers = new RegisterSet(X64Architecture.Instance);
        foreach (Register register in X64Architecture.Instance.Registers.Take(X64Register.Cr4.Index + 1))
        {
            bool isSelector = register.Index >= X64Register.Cs.Index && register.Index <= X64Register.Gs.Index;
            registers[register] = (isSelector ? 0UL : 0x1111_2222_0000_0000) + (seed << 8) + (ulong)register.Index;
        }

        registers[X64Register.Cr0] = 0x10;
        return registers;
    }

    internal static string Describe(RegisterSet registers) =>
        string.Join(
            ' ',
            X64Architecture.Instance.Registers.Select(register => $"{X64Names.Of(register)}={registers[register]:x}")
        );

    internal static byte[] ReadAll(IPhysicalMemory memory, ulong address, int size)
    {
        byte[] bytes = new byte[size];
        return bytes[..memory.Read(new PhysicalAddress(address), bytes)];
    }

    internal static byte[] Fill(int size, byte seed) =>
        [.. Enumerable.Range(0, size).Select(i => (byte)(((i / 3) + seed) & 0xff))];

    private static ElfSegment Load(ulong offset, ulong address, ulong physical, ulong size) =>
        new(ElfSegmentType.Load, 7, offset, address, physical, size, size, 0);

    private static byte[] MakeSmall(int kind)
    {
        byte[] notes = new GuestCoreBuilder().AddCpu(MakeCpu(1)).BuildNotes();
        if (kind == 0)
            return new GuestCoreBuilder()
                .AddBlock(0, Fill(64, 1))
                .AddBlock(0x1000, Fill(64, 2))
                .AddCpu(MakeCpu(1))
                .BuildElf();

        byte[] kdump = new KdumpBuilder
        {
            Notes = notes,
            Status = kind switch
            {
                3 => 0x2,
                4 => 0x4,
                5 => 0x20,
                _ => 1,
            },
        }
            .AddPage(0, Fill(4096, 1))
            .AddPage(3, new byte[4096])
            .Build();
        return kind != 2 ? kdump : KdumpBuilder.Flatten(kdump, 3000);
    }

    /// <summary>What a user of a core does: registers, and all of the memory that it declares.</summary>
    private static void ReadEverything(byte[] core)
    {
        try
        {
            using CoreTarget target = Open(core);
            for (int i = 0; i < target.CpuCount; i++)
                target.ReadRegisters(i);

            Span<byte> buffer = stackalloc byte[4096];
            foreach (MemoryBlock block in target.Memory.Blocks.Take(64))
            {
                for (ulong offset = 0; offset < Math.Min(block.Size, 1 << 20); offset += 4096)
                    target.Memory.Read(new PhysicalAddress(block.Start.Value + offset), buffer);
            }

            Assert.True(target.Notes.Count < 10);
        }
        catch (TargetException e)
        {
            Assert.StartsWith("test.core is ", e.Message, StringComparison.Ordinal);
        }
    }
}
