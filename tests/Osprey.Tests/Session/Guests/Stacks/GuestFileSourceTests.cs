using Osprey.Binary;
using Osprey.Binary.Dwarf.Frame;
using Osprey.Binary.Elf;
using Osprey.Binary.Elf.Symbols;
using Osprey.Session.Guests.Stacks;

namespace Osprey.Tests.Session.Guests.Stacks;

/// <summary>Files of which some pages are missing: what is found in them is right, or it is an error.</summary>
public sealed class GuestFileSourceTests
{
    private const int PageSize = 4096;

    private static readonly byte[] s_file = File.ReadAllBytes(FindLibrary());

    [Fact]
    public void File_WithoutItsSectionHeaders_HasTheSameSymbolsAndRules()
    {
        using ElfImage whole = ElfImage.Parse(new MemoryByteSource("libc", s_file));
        GuestFileSource source = Open(_ => true);
        source.HideSections();
        using ElfImage image = ElfImage.Parse(source);
        Assert.Empty(image.Sections);
        ElfSymbolTable expected = whole.ReadSymbols(ElfSectionType.DynamicSymbols);
        ElfSymbolTable found = image.ReadSymbols();
        Assert.True(expected.Count > 1000);
        Assert.Equal(
            Enumerable.Range(0, expected.Count).Select(i => (expected[i], expected.GetName(expected[i].NameOffset))),
            Enumerable.Range(0, found.Count).Select(i => (found[i], found.GetName(found[i].NameOffset)))
        );
        Assert.Equal(whole.ReadBuildId(), image.ReadBuildId());
        Assert.Equal(0, source.MissingPages);
    }

    /// <summary>Each page that has call frame information is taken away, alone.</summary>
    [Fact]
    public void Rules_WhereAPageIsMissing_AreTheSameOrAnError()
    {
        using ElfImage whole = ElfImage.Parse(new MemoryByteSource("libc", s_file));
        FrameTable expected = FrameTable.FromImage(whole, FrameSectionKind.EhFrame)!;
        (ulong Address, string Rules)[] rows =
        [
            .. expected
                .EnumerateDescriptions()
                .Where((_, i) => i % 7 == 0)
                .SelectMany(item => new[] { item.Start, item.Start + ((item.End - item.Start) / 2) })
                .Select(address => (address, Describe(expected.FindRow(address)))),
        ];
        ElfSection frames = whole.FindSection(".eh_frame")!;
        long first = (long)frames.Offset / PageSize;
        long last = (long)(frames.Offset + frames.Size - 1) / PageSize;
        int missing = 0;
        for (long page = first; page <= last; page += 5)
        {
            GuestFileSource source = Open(index => index != page);
            source.HideSections();
            using ElfImage image = ElfImage.Parse(source);
            FrameTable table = FrameTable.FromImage(image, FrameSectionKind.EhFrame)!;
            foreach ((ulong address, string rules) in rows)
            {
                try
                {
                    Assert.Equal(rules, Describe(table.FindRow(address)));
                }
                catch (BadDataException)
                {
                    missing++;
                }
            }

            Assert.Equal(1, source.MissingPages);
        }

        Assert.InRange(missing, last - first, rows.Length * 2);
    }

    [Fact]
    public void Bytes_OfAMissingPage_AreNotThere()
    {
        GuestFileSource source = Open(index => index != 1);
        Assert.True(source.Has(0, PageSize));
        Assert.False(source.Has(PageSize - 1, 2));
        Assert.Equal(0, source.MissingPages);
        byte[] bytes = new byte[100];
        Assert.Equal(60, source.Read(PageSize - 60, bytes));
        Assert.Equal(1, source.MissingPages);
        Assert.Equal(
            "libc+0xff0: not all of 32 bytes are in the guest's memory",
            Assert.Throws<BadDataException>(() => source.Slice(PageSize - 16, 32)).Message
        );
        byte[] around = source.SliceWithGaps(PageSize - 2, PageSize + 4, out IReadOnlyList<Range> gaps).ToArray();
        Assert.Equal([2..(PageSize + 2)], gaps);
        Assert.Equal(s_file[(PageSize - 2)..PageSize], around[..2]);
        Assert.Equal(s_file[(2 * PageSize)..((2 * PageSize) + 2)], around[^2..]);
        Assert.Throws<BadDataException>(() => source.Slice(source.Length - 1, 2));
        Assert.Throws<BadDataException>(() => source.SliceWithGaps(-1, 2, out _));
    }

    /// <summary>A file that says to be larger than all memory takes none.</summary>
    [Fact]
    public void File_WithALyingSize_TakesNoMemory()
    {
        var source = new GuestFileSource("sparse", long.MaxValue, (_, _) => false);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<BadDataException>(() => source.Slice(0, int.MaxValue));
        Assert.Throws<BadDataException>(() => source.SliceWithGaps(0, int.MaxValue, out _));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    private static GuestFileSource Open(Func<long, bool> isThere) =>
        new(
            "libc",
            s_file.Length,
            (index, page) =>
            {
                ReadOnlySpan<byte> rest = s_file.AsSpan((int)index * PageSize);
                rest[..Math.Min(rest.Length, PageSize)].CopyTo(page);
                return isThere((long)index);
            }
        );

    private static string Describe(UnwindRow? row) =>
        row is null ? "none" : $"{row.Start:x} {row.End:x} {row.Cfa} {string.Join(' ', row.Registers.ToArray())}";

    /// <summary>The C library that this process runs with.</summary>
    private static string FindLibrary() =>
        File.ReadLines("/proc/self/maps")
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .First(words => words.Length > 5 && words[5].Contains("/libc.so", StringComparison.Ordinal))[5];
}
