using System.Buffers.Binary;
using Osprey.Guests.Osv.Tracepoints;
using Osprey.Symbols.Modules;
using Osprey.Target;
using Osprey.Target.Memory;

namespace Osprey.Tests.Guests.Osv.Tracepoints;

/// <summary>The table of the places that are patched: whatever damages it is told, and no row is believed.</summary>
public sealed class OsvPatchSitesTests
{
    private const ulong Start = 0x4020_0000;
    private const ulong End = 0x4080_0000;
    private const ulong Table = 0x4070_0000;

    private readonly List<(UInt128 Id, ulong Site, ulong SlowPath)> _rows =
    [
        (1, Start + 0x1000, Start + 0x1010),
        (2, Start + 0x1020, Start + 0x9000),
        (1, Start + 0x0f00, Start + 0x1010),
    ];

    [Fact]
    public void Read_AWholeTable_HasThePlacesOfEachTracepointInOrder()
    {
        OsvPatchSites sites = Read();
        Assert.Equal([Start + 0x0f00, Start + 0x1000], sites.Of(1).Select(site => site.Address));
        Assert.Equal([(byte)0xe9, (byte)0xdb, (byte)0x7f, (byte)0, (byte)0], Assert.Single(sites.Of(2)).MakeJump());
        Assert.Empty(sites.Of(3));
    }

    [Theory]
    [InlineData(0x1000, 0xffff_8000_0000_0000, "not in the kernel's code")] // a jump to nowhere
    [InlineData(0x7fff_0000_0000, 0x1010, "not in the kernel's code")]
    [InlineData(0xffff_ffff_ffff_fff8, 0x1010, "not in the kernel's code")] // directly before the kernel
    [InlineData(0x60_0000 - 4, 0x1010, "not in the kernel's code")] // reaches behind its end
    [InlineData(0x2001, 0x1010, "no place for it")] // odd
    [InlineData(0x50_0010, 0x1010, "no place for it")] // the table itself
    [InlineData(0x50_0000 - 4, 0x1010, "no place for it")] // reaches into the table
    [InlineData(0x1020, 0x1010, "overlaps another")]
    [InlineData(0x1024, 0x1010, "overlaps another")]
    [InlineData(0x0efc, 0x1010, "overlaps another")]
    [InlineData(0x3000, 0x1024, "jumps into such a place")]
    [InlineData(0x3000, 0x3000, "jumps into such a place")]
    public void Read_ARowThatCantBeTrue_IsRefused(ulong site, ulong slowPath, string reason)
    {
        _rows.Add((5, unchecked(Start + site), unchecked(Start + slowPath)));
        TargetException exception = Assert.Throws<TargetException>(() => Read());
        Assert.Equal(TargetProblem.NotUnderstood, exception.Problem);
        Assert.Contains("damaged, so nothing is written", exception.Message, StringComparison.Ordinal);
        Assert.EndsWith(reason, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0UL, 33UL)] // no whole rows
    [InlineData(0UL, 1UL << 40)] // an absurd count
    [InlineData(32UL, 0UL)] // ends before it begins
    [InlineData(0UL, 320UL)] // goes on where nothing can be read
    public void Read_ATableOfAnAbsurdSize_IsRefused(ulong begin, ulong size)
    {
        Memory memory = Build();
        TargetException exception = Assert.Throws<TargetException>(() =>
            OsvPatchSites.Read(Table + begin, Table + size, memory, Kernel)
        );
        Assert.Equal(TargetProblem.NotUnderstood, exception.Problem);
        Assert.Throws<TargetException>(() => OsvPatchSites.Read(Table, Table + 96, memory, null));
    }

    [Fact]
    public void Read_ATableWithRandomBits_EndsInOurErrorOrHasOnlyPlacesOfTheKernel()
    {
        var random = new Random(12);
        int refused = 0;
        for (int round = 0; round < 5000; round++)
        {
            Memory memory = Build();
            memory.Bytes[random.Next(memory.Bytes.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                OsvPatchSites sites = OsvPatchSites.Read(Table, Table + 96, memory, Kernel);
                foreach (OsvPatchSite site in _rows.SelectMany(row => sites.Of(row.Id)))
                    Assert.True(
                        Kernel.Contains(site.Address) && Kernel.Contains(site.End - 1) && site.Address % 2 == 0
                    );
            }
            catch (TargetException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 1000, 4999);
    }

    private static Module Kernel { get; } = new("kernel", Start, End, default, default);

    private OsvPatchSites Read() => OsvPatchSites.Read(Table, Table + (ulong)(_rows.Count * 32), Build(), Kernel);

    private Memory Build()
    {
        byte[] bytes = new byte[_rows.Count * 32];
        for (int i = 0; i < _rows.Count; i++)
        {
            BinaryPrimitives.WriteUInt128LittleEndian(bytes.AsSpan(i * 32), _rows[i].Id);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan((i * 32) + 16), _rows[i].Site);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan((i * 32) + 24), _rows[i].SlowPath);
        }

        return new Memory(bytes);
    }

    private sealed class Memory(byte[] bytes) : IMemoryReader
    {
        public byte[] Bytes => bytes;

        public int Read(ulong address, Span<byte> buffer)
        {
            if (address < Table || address - Table >= (ulong)bytes.Length)
                return 0;

            Span<byte> from = bytes.AsSpan((int)(address - Table));
            int count = Math.Min(from.Length, buffer.Length);
            from[..count].CopyTo(buffer);
            return count;
        }
    }
}
