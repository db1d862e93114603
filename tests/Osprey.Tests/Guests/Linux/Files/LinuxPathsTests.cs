using System.Text;
using Osprey.Guests.Linux.Files;
using Osprey.Tests.Builders.Guests;

namespace Osprey.Tests.Guests.Linux.Files;

public class LinuxPathsTests
{
    private const ulong VisiblePart = 32;

    private readonly FakeLinux _linux = new(64 << 10);
    private readonly ulong _root;
    private readonly ulong _rootEntry;

    public LinuxPathsTests()
    {
        uint number = _linux.Types.Integer("unsigned long", 8);
        uint half = _linux.Types.Integer("unsigned int", 4);
        uint bucket = _linux.Types.Struct("hlist_bl_node", 16, ("next", number, 0, 0), ("pprev", number, 64, 0));
        uint inner = _linux.Types.Struct("", 8, ("hash", half, 0, 0), ("len", half, 32, 0));
        uint name = _linux.Types.Struct("qstr", 16, ("", inner, 0, 0), ("name", number, 64, 0));
        _linux.Types.Struct(
            "dentry",
            40,
            ("d_hash", bucket, 0, 0),
            ("d_parent", number, 128, 0),
            ("d_name", name, 192, 0)
        );
        uint visible = _linux.Types.Struct("vfsmount", 8, ("mnt_root", number, 0, 0));
        _linux.Types.Struct(
            "mount",
            40,
            ("mnt_parent", number, 0, 0),
            ("mnt_mountpoint", number, 64, 0),
            ("mnt", visible, (uint)VisiblePart * 8, 0)
        );
        _rootEntry = AddEntry(0, "/");
        _root = AddMount(0, 0, _rootEntry);
    }

    [Fact]
    public void Path_AcrossMounts_HasTheNamesOfAll()
    {
        ulong place = AddEntry(AddEntry(_rootEntry, "srv"), "a b");
        ulong inside = AddEntry(0, "/");
        ulong mount = AddMount(_root, place, inside);
        ulong file = AddEntry(AddEntry(inside, "deep"), "naïve");
        LinuxPaths paths = Create();
        Assert.Equal(new LinuxPath("/srv/a b/deep/naïve", true), paths.Build(mount, file));
        Assert.Equal(new LinuxPath("/deep/naïve", true), paths.Build(mount, file, mount, inside));
        Assert.Equal(new LinuxPath("/a b", true), paths.Build(_root, place, _root, ParentOf(place)));
        Assert.Equal(new LinuxPath("/deep/naïve", true), paths.BuildInside(file));
        Assert.Equal(new LinuxPath("/", true), paths.Build(_root, _rootEntry));
    }

    [Fact]
    public void Path_OutsideOfTheRoot_IsNotReachable()
    {
        ulong jail = AddEntry(_rootEntry, "jail");
        Assert.Equal(new LinuxPath("/etc", false), Create().Build(_root, AddEntry(_rootEntry, "etc"), _root, jail));
    }

    [Fact]
    public void Name_OfAnEntryWithoutADirectory_IsKnown()
    {
        ulong lonely = AddEntry(0, "memfd:x");
        Assert.Equal("memfd:x", Create().ReadLonelyName(_root, lonely));
        Assert.Null(Create().ReadLonelyName(_root, _rootEntry));
        Assert.Null(Create().ReadLonelyName(_root, AddEntry(_rootEntry, "etc")));
        Assert.Equal(new LinuxPath("/", false), Create().Build(_root, lonely));
    }

    [Fact]
    public void Removed_IsWhatIsInNoTable()
    {
        ulong entry = AddEntry(_rootEntry, "gone");
        Assert.True(Create().IsRemoved(entry));
        _linux.Write(entry + 8, entry);
        Assert.False(Create().IsRemoved(entry));
        Assert.False(Create().IsRemoved(_rootEntry));
    }

    [Fact]
    public void Path_WithACircleOfEntries_IsNone()
    {
        ulong one = AddEntry(_rootEntry, "one");
        ulong two = AddEntry(one, "two");
        _linux.Write(one + 16, two);
        Assert.Null(Create().Build(_root, two));
        Assert.Null(Create().BuildInside(two));
    }

    [Fact]
    public void Path_WithACircleOfMounts_IsNone()
    {
        ulong inside = AddEntry(0, "/");
        ulong mount = AddMount(_root, _rootEntry, inside);
        _linux.Write(mount - VisiblePart, mount - VisiblePart);
        _linux.Write(mount - VisiblePart, _root - VisiblePart);
        _linux.Write(_root - VisiblePart, mount - VisiblePart);
        _linux.Write(_root - VisiblePart + 8, inside);
        Assert.Null(Create().Build(mount, inside));
    }

    [Theory]
    [InlineData(16, 0x1000UL)]
    [InlineData(16, FakeLinux.Start + (1 << 30))]
    [InlineData(28, 0xffff_ffffUL)]
    [InlineData(32, 0x10UL)]
    public void Path_OfADamagedEntry_IsNone(int offset, ulong value)
    {
        ulong entry = AddEntry(_rootEntry, "etc");
        if (offset == 28)
            _linux.Write(entry + (ulong)offset, (uint)value);
        else
            _linux.Write(entry + (ulong)offset, value);

        Assert.Null(Create().Build(_root, entry));
    }

    private LinuxPaths Create() => new(_linux.ToKernel());

    private ulong ParentOf(ulong entry) => BitConverter.ToUInt64(_linux.At(entry + 16));

    /// <summary>An entry below another one; 0 for one that is its own parent.</summary>
    private ulong AddEntry(ulong parent, string name)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(name);
        ulong entry = _linux.Allocate(40);
        ulong text = _linux.Allocate(bytes.Length + 1);
        bytes.CopyTo(_linux.At(text));
        _linux.Write(entry + 16, parent == 0 ? entry : parent);
        _linux.Write(entry + 28, (uint)bytes.Length);
        _linux.Write(entry + 32, text);
        return entry;
    }

    /// <summary>A mount at a place in another one; 0 for one that is its own parent.</summary>
    private ulong AddMount(ulong parent, ulong place, ulong root)
    {
        ulong mount = _linux.Allocate(40);
        _linux.Write(mount, parent == 0 ? mount : parent - VisiblePart);
        _linux.Write(mount + 8, place);
        _linux.Write(mount + VisiblePart, root);
        return mount + VisiblePart;
    }
}
