using Osprey.Guests.FileSystems;
using Osprey.Guests.Linux.Containers;
using Osprey.Guests.Linux.Processes;
using Osprey.Guests.Threads;
using Osprey.Target;
using Osprey.Target.Memory;

namespace Osprey.Guests.Linux.Files;

/// <summary>Lists what a process sees mounted, as <c>/proc/PID/mounts</c> has it.</summary>
/// <remarks>
/// A namespace has its mounts in a list; since 6.8 in a red-black tree by number. Those that the process's root
/// directory does not lead to are left out, as the kernel does. The options of the file system itself are
/// <see cref="LinuxMountOptions"/>.
/// </remarks>
internal sealed class LinuxMounts
{
    private const int MaxMounts = 1 << 20;
    private const ulong CursorFlag = 0x1000_0000; // MNT_CURSOR: somebody who reads the list, from 5.8 to 6.7

    private static readonly (ulong Flag, string Name)[] s_systemOptions =
    [
        (0x10, "sync"), // SB_SYNCHRONOUS
        (0x80, "dirsync"), // SB_DIRSYNC
        (0x40, "mand"), // SB_MANDLOCK
        (0x200_0000, "lazytime"), // SB_LAZYTIME
    ];

    private static readonly (ulong Flag, string Name)[] s_mountOptions =
    [
        (0x1, "nosuid"), // MNT_NOSUID
        (0x2, "nodev"), // MNT_NODEV
        (0x4, "noexec"), // MNT_NOEXEC
        (0x8, "noatime"), // MNT_NOATIME
        (0x10, "nodiratime"), // MNT_NODIRATIME
        (0x20, "relatime"), // MNT_RELATIME
        (0x80, "nosymfollow"), // MNT_NOSYMFOLLOW
    ];

    private const ulong ReadOnlyMount = 0x40; // MNT_READONLY
    private const ulong ReadOnlySystem = 0x1; // SB_RDONLY

    private readonly IMemoryReader _memory;
    private readonly LinuxPaths _paths;
    private readonly LinuxStruct _mount;
    private readonly LinuxField _visible;
    private readonly LinuxField _root;
    private readonly LinuxField _system;
    private readonly LinuxField _flags;
    private readonly LinuxField _parent;
    private readonly LinuxField _source;
    private readonly LinuxField? _id;
    private readonly LinuxField? _device;
    private readonly LinuxField _systemFlags;
    private readonly LinuxField _type;
    private readonly LinuxField? _subtype;
    private readonly LinuxField _typeName;
    private readonly LinuxMountOptions _own;

    private LinuxMounts(GuestKernel kernel)
    {
        _memory = kernel.Values.Memory;
        _paths = new LinuxPaths(kernel);
        _own = new LinuxMountOptions(kernel);
        _mount = new LinuxStruct(kernel, "struct mount");
        _visible = _mount.Require("mnt");
        _root = _mount.Require("mnt", "mnt_root");
        _system = _mount.Require("mnt", "mnt_sb");
        _flags = _mount.Require("mnt", "mnt_flags");
        _parent = _mount.Require("mnt_parent");
        _source = _mount.Require("mnt_devname");
        _id = _mount.Find("mnt_id");
        var system = new LinuxStruct(kernel, "struct super_block");
        _device = system.Find("s_dev");
        _systemFlags = system.Require("s_flags");
        _type = system.Require("s_type");
        _subtype = system.Find("s_subtype");
        _typeName = new LinuxStruct(kernel, "struct file_system_type").Require("name");
    }

    /// <summary>Lists them.</summary>
    /// <exception cref="TargetException">The task has no namespaces, or the kernel is not known.</exception>
    public static GuestList<GuestMount> Read(
        GuestKernel kernel,
        GuestThreadState thread,
        CancellationToken cancellation
    )
    {
        var members = new LinuxTaskMembers(kernel);
        var directories = new LinuxStruct(kernel, "struct fs_struct");
        LinuxField rootMount = directories.Require("root", "mnt");
        LinuxField rootEntry = directories.Require("root", "dentry");
        LinuxField space = new LinuxStruct(kernel, "struct nsproxy").Require("mnt_ns");
        IMemoryReader memory = kernel.Values.Memory;
        return GuestWalk<GuestMount>.Read(
            kernel,
            walk =>
            {
                var mounts = new LinuxMounts(kernel);
                ulong namespaces = members.Get(thread, members.Namespaces, "namespace");
                ulong place = members.Get(thread, members.Directories, "directory");
                ulong? own = LinuxStruct.IsKernelAddress(namespaces) ? space.Read(memory, namespaces) : null;
                if (own is null || !directories.TryCopy(place, out ReadOnlySpan<byte> copy))
                {
                    walk.AddDefect("the process's namespace or root directory can't be read");
                    return;
                }

                (ulong mount, ulong entry) = (rootMount.Get(copy) ?? 0, rootEntry.Get(copy) ?? 0);
                foreach (ulong found in Enumerate(kernel, own.Value, walk.AddDefect))
                    mounts.Add(walk, found, mount, entry);
            },
            cancellation
        );
    }

    private static IEnumerable<ulong> Enumerate(GuestKernel kernel, ulong space, Action<string> addDefect)
    {
        const string Name = "mounts";
        var mount = new LinuxStruct(kernel, "struct mount");
        var layout = new LinuxStruct(kernel, "struct mnt_namespace");
        if (layout.Find("list") is { } list)
            return new LinuxChain(kernel.Values.Memory, Name, MaxMounts, addDefect).WalkRing(
                unchecked(space + (ulong)list.Offset),
                mount.Require("mnt_list").Offset
            );

        LinuxField tree = layout.Require("mounts", "rb_node");
        return new LinuxChain(kernel.Values.Memory, Name, MaxMounts, addDefect).WalkTree(
            tree.Read(kernel.Values.Memory, space),
            LinuxField.Find(kernel.Values, "struct rb_node", "rb_left"),
            LinuxField.Find(kernel.Values, "struct rb_node", "rb_right"),
            mount.Require("mnt_node").Offset
        );
    }

    private void Add(GuestWalk<GuestMount> walk, ulong address, ulong rootMount, ulong rootEntry)
    {
        if (!_mount.TryCopy(address, out ReadOnlySpan<byte> copy))
        {
            walk.AddDefect("a mount can't be read");
            return;
        }

        ulong flags = _flags.Get(copy) ?? 0;
        if ((flags & CursorFlag) != 0)
            return;

        ulong own = unchecked(address + (ulong)_visible.Offset);
        ulong root = _root.Get(copy) ?? 0;
        ulong system = _system.Get(copy) ?? 0;
        ulong parent = _parent.Get(copy) ?? 0;
        ulong? id = _id?.Get(copy);
        string? source = LinuxText.Read(_memory, _source.Get(copy) ?? 0);
        LinuxPath? path = _paths.Build(own, root, rootMount, rootEntry);
        if (path is { IsReachable: false })
            return; // below another mount or outside of the root directory: the process can't get there

        ulong systemFlags = LinuxStruct.IsKernelAddress(system) ? _systemFlags.Read(_memory, system) ?? 0 : 0;
        string? type = FindType(system);
        var mount = new GuestMount(
            address,
            path?.Text,
            type,
            source ?? "none",
            [
                (flags & ReadOnlyMount) != 0 || (systemFlags & ReadOnlySystem) != 0 ? "ro" : "rw",
                .. s_systemOptions.Where(option => (systemFlags & option.Flag) != 0).Select(option => option.Name),
                .. s_mountOptions.Where(option => (flags & option.Flag) != 0).Select(option => option.Name),
            ]
        )
        {
            Id = id,
            ParentId = LinuxStruct.IsKernelAddress(parent) ? _id?.Read(_memory, parent) : null,
            Device =
                LinuxStruct.IsKernelAddress(system) && _device?.Read(_memory, system) is { } device
                    ? LinuxDevice.Format(device)
                    : null,
            Root = _paths.BuildInside(root)?.Text,
            OwnOptions = LinuxStruct.IsKernelAddress(system) ? _own.Read(system, type) : null,
        };
        if (mount.Path is null || mount.Type is null)
            walk.AddDefect("the place or type of a mount can't be read");

        walk.Add(mount);
    }

    private string? FindType(ulong system)
    {
        ulong? type = LinuxStruct.IsKernelAddress(system) ? _type.Read(_memory, system) : null;
        if (type is not { } place || !LinuxStruct.IsKernelAddress(place))
            return null;

        string? name = LinuxText.Read(_memory, _typeName.Read(_memory, place) ?? 0);
        string? subtype = LinuxText.Read(_memory, _subtype?.Read(_memory, system) ?? 0);
        return name is not null && subtype is { Length: > 0 } ? $"{name}.{subtype}" : name;
    }
}
