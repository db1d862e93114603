using System.Buffers.Binary;
using System.Text;
using Osprey.Binary;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Backends.CoreFile;
using Osprey.Target.Memory;
using Osprey.Tests.Builders.Guests;

namespace Osprey.Tests.Target.Backends.CoreFile;

/// <summary>The contents of our cores beyond memory and registers.</summary>
public sealed class CoreContentsTests : IDisposable
{
    private const ulong Stext = 0xffff_ffff_8100_0000;
    private const string Text = "OSRELEASE=6.1\nPAGESIZE=4096\nSYMBOL(_stext)=ffffffff81000000\nNUMBER(phys_base)=";

    private readonly string _folder = Directory.CreateTempSubdirectory("osprey-core").FullName;

    private string Core => Path.Combine(_folder, "core");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Write_Core_HasHeadersFirst()
    {
        CoreWriter.Write(new FakeTarget(Memory(new byte[0x4000]), CoreTargetTests.MakeCpu(1)), Core);
        CoreElf elf = ReadElf();
        byte[] file = File.ReadAllBytes(Core);

        Assert.Equal(64, BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(32)));
        Assert.Equal([4u, 1u], elf.Segments.Select(segment => (uint)segment.Type));
        Assert.True(elf.Segments[0].Offset + elf.Segments[0].FileSize <= elf.Segments[1].Offset);
    }

    [Fact]
    public void Write_Programs_AreReadBack()
    {
        CoreProgram[] programs =
        [
            new(true, "/a b/kernel\n.elf", "0123abcd", 0xffff_ffff_ffe0_0000),
            new(false, "/mödule.so", "", 0x1000),
        ];
        CoreWriter.Write(
            new FakeTarget(Memory(new byte[0x1000]), CoreTargetTests.MakeCpu(1)),
            Core,
            options: new CoreWriteOptions { Programs = programs }
        );
        using CoreTarget target = CoreTarget.Open(Core);

        Assert.Equal(programs, target.Programs);
    }

    [Theory]
    [InlineData("kernel\00\0\0/x")]
    [InlineData("kernel\0x\0\0/x\0")]
    [InlineData("kernel\00\0nothex\0/x\0")]
    [InlineData("kernel\00\0\0\0")]
    [InlineData("program\00\0\0/x\0")]
    [InlineData("kernel\00\0\0")]
    public void ReadPrograms_ThatAreMalformed_AreNone(string note) =>
        Assert.Empty(CoreProgramsNote.Read(Encoding.UTF8.GetBytes(note)));

    [Theory]
    [InlineData("-16777216", true)] // _stext at physical 0
    [InlineData("0", false)] // of another kernel
    [InlineData("none", false)]
    public void Write_VmcoreInfo_IsThatOfTheKernelThatRuns(string physicalBase, bool isFound)
    {
        byte[] memory = MapKernel();
        byte[] text = Encoding.ASCII.GetBytes(Text + physicalBase + "\n");
        memory.AsSpan(0x8000, 0x1000).Clear();
        BinaryPrimitives.WriteInt32LittleEndian(memory.AsSpan(0x8000), 11);
        BinaryPrimitives.WriteInt32LittleEndian(memory.AsSpan(0x8004), text.Length);
        "VMCOREINFO"u8.CopyTo(memory.AsSpan(0x800c));
        text.CopyTo(memory.AsSpan(0x8018));
        SegmentedMemory physical = Memory(memory);
        CoreWriteResult result = CoreWriter.Write(
            new FakeTarget(physical, CoreTargetTests.MakeCpu(1)),
            Core,
            options: new CoreWriteOptions { Kernel = Space(physical) }
        );

        Assert.Equal(isFound, result.HasVmcoreInfo);
        string file = Encoding.Latin1.GetString(File.ReadAllBytes(Core));
        Assert.Equal(isFound ? 2 : 1, file.Split("OSRELEASE=6.1").Length - 1);

        // The kernel's image has a segment by virtual address, and all of memory those by physical.
        (ulong, ulong, ulong)[] image = isFound ? [(Stext, 0, 0x2000)] : [];
        Assert.Equal(
            [(0, 0, 0x10000), .. image],
            ReadElf()
                .Segments.Skip(1)
                .Select(segment => (segment.LinkAddress, segment.PhysicalLinkAddress, segment.FileSize))
        );
    }

    [Fact]
    public void Write_Paging_NamesMemoryByVirtualAddress()
    {
        byte[] memory = MapKernel();
        SegmentedMemory physical = Memory(memory);
        CoreWriter.Write(
            new FakeTarget(physical, CoreTargetTests.MakeCpu(1)),
            Core,
            options: new CoreWriteOptions { Paging = Space(physical) }
        );
        using CoreTarget target = CoreTarget.Open(Core);

        // The page tables map the first two pages; the rest keeps its physical address.
        Assert.Equal(
            [(Stext, 0UL, 0x2000UL), (0x2000, 0x2000, 0xe000)],
            ReadElf()
                .Segments.Skip(1)
                .Select(segment => (segment.LinkAddress, segment.PhysicalLinkAddress, segment.FileSize))
        );
        Assert.Equal(memory, CoreTargetTests.ReadAll(target.Memory, 0, memory.Length));
    }

    private static SegmentedMemory Memory(byte[] bytes) =>
        new([
            new MemorySegment(
                new MemoryBlock(new PhysicalAddress(0), (ulong)bytes.Length, MemoryBlockKind.Ram, "ram"),
                new MemoryByteSource("", bytes),
                0
            ),
        ]);

    private static AddressSpace Space(SegmentedMemory memory) =>
        new(memory, new X64Paging(X64PagingMode.FourLevel, new PhysicalAddress(0x4000)), "test");

    /// <summary>Makes 64 KiB with page tables from 0x4000 on that map <see cref="Stext"/> to physical 0.</summary>
    private static byte[] MapKernel()
    {
        byte[] memory = CoreTargetTests.Fill(0x10000, 3);
        memory.AsSpan(0x4000, 0x4000).Clear();
        Set(0x4000, 511, 0x5003);
        Set(0x5000, 510, 0x6003);
        Set(0x6000, 8, 0x7003);
        Set(0x7000, 0, 0x0003);
        Set(0x7000, 1, 0x1003);
        return memory;

        void Set(int table, int index, ulong entry) =>
            BinaryPrimitives.WriteUInt64LittleEndian(memory.AsSpan(table + (index * 8)), entry);
    }

    private CoreElf ReadElf()
    {
        using ByteSource source = ByteSource.OpenFile(Core);
        return CoreElf.Read(source);
    }
}
