using Osprey.Guests;
using Osprey.Guests.Linux.Processes;
using Osprey.Guests.Processes;
using Osprey.Guests.Threads;
using Osprey.Target;
using Osprey.Tests.Builders.Guests;

namespace Osprey.Tests.Guests.Linux.Processes;

/// <summary>Mappings of kernels before 6.1, which have them in a list.</summary>
public class LinuxMapsTests
{
    private const ulong Heap = 0x1000_0000;
    private const ulong Stack = 0x7ffd_0000_0000;

    private readonly FakeLinux _linux = new(16 << 10);
    private readonly ulong _task;
    private readonly ulong _space;
    private readonly ulong[] _mappings;
    private int _refreshes;

    public LinuxMapsTests()
    {
        AddTypes();
        _task = _linux.Allocate(48);
        _space = _linux.Allocate(64);
        _linux.Write(_task, 7U);
        _linux.Write(_task + 8, _space);
        _mappings =
        [
            AddMapping(0x400000, 0x401000, 5),
            AddMapping(Heap, Heap + 0x3000, 3),
            AddMapping(0x7f00_0000_0000, 0x7f00_0000_2000, 0x80),
            AddMapping(Stack - 0x2000, Stack + 0x1000, 3),
        ];
        for (int i = 0; i + 1 < _mappings.Length; i++)
            _linux.Write(_mappings[i] + 16, _mappings[i + 1]);

        _linux.Write(_space, _mappings[0]);
        _linux.Write(_space + 8, (uint)_mappings.Length);
        _linux.Write(_space + 24, Heap);
        _linux.Write(_space + 32, Heap + 0x2fff);
        _linux.Write(_space + 40, Stack);
    }

    [Fact]
    public void List_IsReadInOrder()
    {
        GuestList<GuestProcessMapping> list = Read();
        Assert.Empty(list.Defects);
        Assert.Equal(
            [
                "00400000-00401000 r-xp 00000000 00:00 0",
                "10000000-10003000 rw-p 00000000 00:00 0 [heap]",
                "7f0000000000-7f0000002000 ---s 00000000 00:00 0",
                "7ffcffffe000-7ffd00001000 rw-p 00000000 00:00 0 [stack]",
            ],
            list.Items.Select(ToldProcesses.Format)
        );
        Assert.Equal(0, _refreshes);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void List_ThatComesBack_Ends(int target)
    {
        _linux.Write(_mappings[2] + 16, _mappings[target]);
        CheckTorn(3);
    }

    [Theory]
    [InlineData(0x1000UL)]
    [InlineData(ulong.MaxValue - 7)]
    [InlineData(FakeLinux.Start + (1 << 30))]
    public void List_ThatLeadsNowhere_Ends(ulong wild)
    {
        _linux.Write(_mappings[1] + 16, wild);
        CheckTorn(2);
    }

    [Fact]
    public void List_OfAnotherLength_IsSaidToBe()
    {
        _linux.Write(_space + 8, 9U);
        GuestList<GuestProcessMapping> list = Read();
        Assert.Equal(4, list.Items.Count);
        Assert.Equal(["the kernel counts 9 mappings, and 4 are in its list"], list.Defects);
        Assert.Equal(3, _refreshes);
    }

    [Fact]
    public void List_ThatIsWholeTheSecondTime_HasNoDefect()
    {
        _linux.Write(_mappings[1] + 16, 0x1000UL);
        GuestKernel kernel = _linux.ToKernel(() => _linux.Write(_mappings[1] + 16, _mappings[2]));
        GuestList<GuestProcessMapping> list = LinuxMaps.Read(kernel, Thread(), default);
        Assert.Empty(list.Defects);
        Assert.Equal(4, list.Items.Count);
    }

    [Theory]
    [InlineData(true, "task 7 (worker) is a thread of the kernel: it has no memory of its own")]
    [InlineData(false, "task 7 (worker) is sleeping: its memory is gone")]
    public void Task_WithoutMemory_IsRefused(bool isKernel, string message)
    {
        _linux.Write(_task + 8, 0UL);
        Assert.Equal(
            message,
            Assert
                .Throws<TargetException>(() =>
                    LinuxMaps.Read(_linux.ToKernel(), Thread() with { IsKernel = isKernel }, default)
                )
                .Message
        );
    }

    [Fact]
    public void Task_ThatIsAnotherNow_IsRefused()
    {
        _linux.Write(_task, 8U);
        Assert.Equal(
            "task 7 (worker) ended while it was read",
            Assert.Throws<TargetException>(() => LinuxMaps.Read(_linux.ToKernel(), Thread(), default)).Message
        );
    }

    private void CheckTorn(int count)
    {
        GuestList<GuestProcessMapping> list = Read();
        Assert.Equal(count, list.Items.Count);
        Assert.Equal("the list of mappings is torn: what follows can't be read or is none", list.Defects[0]);
        Assert.Equal(3, _refreshes);
    }

    private GuestList<GuestProcessMapping> Read() =>
        LinuxMaps.Read(_linux.ToKernel(() => _refreshes++), Thread(), default);

    private GuestThreadState Thread() => new(7, _task, "worker", "sleeping");

    private ulong AddMapping(ulong start, ulong end, ulong flags)
    {
        ulong mapping = _linux.Allocate(48);
        _linux.Write(mapping, start);
        _linux.Write(mapping + 8, end);
        _linux.Write(mapping + 24, flags);
        return mapping;
    }

    private void AddTypes()
    {
        uint number = _linux.Types.Integer("unsigned long", 8);
        uint half = _linux.Types.Integer("unsigned int", 4);
        Add("task_struct", "pid:4", "mm", "files", "fs", "nsproxy");
        Add("mm_struct", "mmap", "map_count:4", "total_vm", "start_brk", "brk", "start_stack");
        Add("vm_area_struct", "vm_start", "vm_end", "vm_next", "vm_flags", "vm_pgoff", "vm_file");
        uint path = Add("path", "mnt", "dentry");
        _linux.Types.Struct(
            "file",
            40,
            ("f_path", path, 0, 0),
            ("f_inode", number, 128, 0),
            ("f_flags", half, 192, 0),
            ("f_pos", number, 256, 0)
        );
        Add("inode", "i_ino", "i_mode:4", "i_sb");
        Add("super_block", "s_dev:4", "s_type");
        Add("file_system_type", "name");
        uint name = _linux.Types.Struct("qstr", 16, ("len", half, 32, 0), ("name", number, 64, 0));
        _linux.Types.Struct("dentry", 24, ("d_parent", number, 0, 0), ("d_name", name, 64, 0));
        uint visible = Add("vfsmount", "mnt_root");
        _linux.Types.Struct(
            "mount",
            24,
            ("mnt_parent", number, 0, 0),
            ("mnt_mountpoint", number, 64, 0),
            ("mnt", visible, 128, 0)
        );

        uint Add(string type, params string[] members) =>
            _linux.Types.Struct(
                type,
                (uint)members.Length * 8,
                [
                    .. members.Select(
                        (member, i) =>
                            member.EndsWith(":4", StringComparison.Ordinal)
                                ? (member[..^2], half, (uint)i * 64, 0U)
                                : (member, number, (uint)i * 64, 0U)
                    ),
                ]
            );
    }
}
