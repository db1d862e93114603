using Osprey.Guests.Linux.Files;
using Osprey.Guests.Processes;
using Osprey.Tests.Builders.Btf;
using Osprey.Tests.Builders.Guests;

namespace Osprey.Tests.Guests.Linux.Files;

/// <summary>A kernel's page cache, made by hand: single pages, a large one, and what is not to be believed.</summary>
public sealed class LinuxPageCacheTests
{
    private const int PageSize = 4096;
    private const int StructSize = 64;
    private const int UpToDate = 3;
    private const int Nodes = 16 * PageSize; // behind the pages that are read

    private readonly FakeLinux _linux = new(32 * PageSize);
    private readonly ulong _mapping;
    private readonly ulong _space;
    private readonly ulong _node;
    private readonly ulong _pages;
    private readonly byte[] _page = new byte[PageSize];

    public LinuxPageCacheTests()
    {
        BtfBuilder types = _linux.Types;
        uint word = types.Integer("unsigned long", 8);
        uint small = types.Integer("unsigned char", 1);
        uint array = types.Struct("xarray", 16, ("xa_head", word, 64, 0));
        types.Struct("xa_node", 520, ("shift", small, 0, 0), ("slots", types.Array(word, 64, word), 64, 0));
        types.Struct("vm_area_struct", 16, ("vm_file", word, 64, 0));
        types.Struct("file", 16, ("f_mapping", word, 64, 0));
        types.Struct("address_space", 32, ("host", word, 0, 0), ("i_pages", array, 64, 0));
        types.Struct("inode", 16, ("i_size", word, 64, 0));
        types.Struct("folio", StructSize, ("flags", word, 0, 0), ("mapping", word, 64, 0), ("index", word, 128, 0));
        types.Struct("page", StructSize, ("flags", word, 0, 0));
        types.Enum("pageflags", 4, false, ("PG_locked", 0), ("PG_uptodate", UpToDate));

        _linux.Allocate(Nodes);
        _pages = _linux.Allocate(16 * StructSize);
        _linux.Write(_linux.Allocate(8, "vmemmap_base"), _pages);
        _linux.Write(_linux.Allocate(8, "page_offset_base"), FakeLinux.Start);
        (_mapping, ulong file, ulong inode) = (_linux.Allocate(16), _linux.Allocate(16), _linux.Allocate(16));
        (_space, _node) = (_linux.Allocate(32), _linux.Allocate(520));
        _linux.Write(_mapping + 8, file);
        _linux.Write(file + 8, _space);
        _linux.Write(_space, inode);
        _linux.Write(_space + 16, _node | 2);
        _linux.Write(inode + 8, 5000UL);
        for (int i = 0; i < 16; i++)
            _linux.At(FakeLinux.Start + (ulong)(i * PageSize))[..PageSize].Fill((byte)i);
    }

    [Fact]
    public void Pages_AreThoseOfTheFile()
    {
        Insert(0, frame: 7, index: 0);
        Insert(2, frame: 9, index: 2);
        IGuestFile file = Open()!;
        Assert.Equal(5000UL, file.Size);
        Assert.Equal([7, null, 9, null], Enumerable.Range(0, 4).Select(index => Read(file, index)));
    }

    [Fact]
    public void Pages_InALargerOne_AreBehindItsFirst()
    {
        // Since 5.17 the slots behind lead to the first; before, each had the address itself.
        Insert(4, frame: 8, index: 4);
        for (ulong slot = 5; slot < 8; slot++)
            _linux.Write(_node + 8 + (slot * 8), slot == 6 ? _pages + (8 * StructSize) : (4UL << 2) | 2);

        IGuestFile file = Open()!;
        Assert.Equal([8, 9, 10, 11], Enumerable.Range(4, 4).Select(index => Read(file, index)));
    }

    [Theory]
    [InlineData(1UL << UpToDate, 0x1234UL, 0UL)] // another file's
    [InlineData(0UL, null, 0UL)] // being read
    [InlineData(1UL << UpToDate, null, 1UL)] // of another place
    public void Page_ThatIsNotTheFilesOrNotReadYet_IsNotThere(ulong flags, ulong? space, ulong index)
    {
        Insert(0, frame: 7, index);
        ulong folio = _pages + (7 * StructSize);
        _linux.Write(folio, flags);
        _linux.Write(folio + 8, space ?? _space);
        Assert.Null(Read(Open()!, 0));
    }

    [Fact]
    public void Mapping_OfNoFile_HasNone()
    {
        _linux.Write(_mapping + 8, 0UL);
        Assert.Null(Open());
    }

    [Fact]
    public void Page_OutsideOfMemory_IsNotThere()
    {
        Insert(0, frame: 7, index: 0);
        _linux.Write(_linux.Symbols["page_offset_base"], 0xffff_ffff_ffff_f000UL);
        Assert.Null(Read(Open()!, 0));
        _linux.Write(_linux.Symbols["vmemmap_base"], ulong.MaxValue);
        Assert.Null(Read(Open()!, 0));
    }

    private void Insert(ulong slot, int frame, ulong index)
    {
        ulong folio = _pages + (ulong)(frame * StructSize);
        _linux.Write(_node + 8 + (slot * 8), folio);
        _linux.Write(folio, 1UL << UpToDate);
        _linux.Write(folio + 8, _space);
        _linux.Write(folio + 16, index);
    }

    private IGuestFile? Open() => LinuxPageCache.TryCreate(_linux.ToKernel())!.Open(_mapping);

    private int? Read(IGuestFile file, int index)
    {
        _page.AsSpan().Clear();
        return file.TryReadPage((ulong)index, _page) && _page.All(value => value == _page[0]) ? _page[0] : null;
    }
}
