using System.Globalization;
using Osprey.Target.Memory;

namespace Osprey.Guests.Linux.Files;

/// <summary>The options of file systems themselves, as they show them in <c>/proc/PID/mounts</c>.</summary>
/// <remarks>
/// Each file system has code of its own that writes them (<c>show_options</c>), so each is known here or not at all:
/// tmpfs (and devtmpfs and rootfs, which are made of it), proc, devpts, cgroup2 and overlay; and those that have no
/// such code have none. What a file system leaves out since it is the default is left out here, by the same rule. The
/// file system is told by its table of functions (<c>s_op</c>), not by its name.
/// </remarks>
internal sealed class LinuxMountOptions
{
    private const int PageSizeInKilobytes = 4;
    private const ulong UsualMode = 0x3ff; // 01777: S_IRWXUGO | S_ISVTX
    private const ulong ModeBits = 0xfff; // S_IALLUGO
    private const ulong MaxTerminals = 1 << 20; // NR_UNIX98_PTY_MAX

    private static readonly (string Flag, string Name)[] s_groupFlags =
    [
        ("CGRP_ROOT_NS_DELEGATE", "nsdelegate"),
        ("CGRP_ROOT_FAVOR_DYNMODS", "favordynmods"),
        ("CGRP_ROOT_MEMORY_LOCAL_EVENTS", "memory_localevents"),
        ("CGRP_ROOT_MEMORY_RECURSIVE_PROT", "memory_recursiveprot"),
        ("CGRP_ROOT_MEMORY_HUGETLB_ACCOUNTING", "memory_hugetlb_accounting"),
        ("CGRP_ROOT_PIDS_LOCAL_EVENTS", "pids_localevents"),
    ];

    private static readonly string[] s_owners = ["uid", "gid"];

    private readonly GuestKernel _kernel;
    private readonly IMemoryReader _memory;
    private readonly LinuxField? _functions;
    private readonly LinuxField? _own;
    private readonly LinuxField? _show;
    private readonly Dictionary<ulong, Func<ulong, IEnumerable<string>>> _known = [];

    public LinuxMountOptions(GuestKernel kernel)
    {
        _kernel = kernel;
        _memory = kernel.Values.Memory;
        var system = new LinuxStruct(kernel, "struct super_block");
        _functions = system.Find("s_op");
        _own = system.Find("s_fs_info");
        _show = new LinuxStruct(kernel, "struct super_operations").Find("show_options");
        Add("shmem_ops", ReadShared);
        Add("devpts_sops", ReadTerminals);
        Add("proc_sops", ReadProcesses);
        Add("ovl_super_operations", ReadOverlay);
    }

    /// <summary>Reads the options of a file system.</summary>
    /// <param name="system">Its super block.</param>
    /// <param name="type">The name of its type.</param>
    /// <returns>Empty when it shows none; null when its options are not known here.</returns>
    public IReadOnlyList<string>? Read(ulong system, string? type)
    {
        if (_functions?.Read(_memory, system) is not { } functions)
            return null;

        if (type == "cgroup2")
            return [.. ReadGroups()];

        // What sysfs shares with control groups calls code of theirs alone.
        if (type == "sysfs" || _show?.Read(_memory, functions) is 0)
            return [];

        return
            _known.TryGetValue(functions, out Func<ulong, IEnumerable<string>>? read)
            && _own?.Read(_memory, system) is > 0 and var own
            ? [.. read(own)]
            : null;
    }

    private void Add(string functions, Func<ulong, IEnumerable<string>> read)
    {
        if (_kernel.FindSymbol(functions) is { } place)
            _known[place] = read;
    }

    /// <summary>tmpfs: shmem_show_options.</summary>
    private IEnumerable<string> ReadShared(ulong own)
    {
        var layout = new LinuxStruct(_kernel, "struct shmem_sb_info");
        ulong? usual = ReadTotalPages() / 2;
        if (layout.Read(own, "max_blocks") is { } blocks && blocks != usual)
            yield return Number("size", unchecked(blocks * PageSizeInKilobytes)) + "k";

        if (layout.Read(own, "max_inodes") is { } inodes && inodes != usual)
            yield return Number("nr_inodes", inodes);

        if (layout.Read(own, "mode") is { } mode && (mode & ModeBits) != UsualMode)
            yield return $"mode={Octal(mode)}";

        foreach (string owner in s_owners)
        {
            if (layout.Read(own, owner, "val") is > 0 and var id)
                yield return Number(owner, id);
        }

        // Since 5.9. A kernel whose own choice is inode32 does not write that, and few ask for it where it is not.
        if (layout.Read(own, "full_inums") is > 0)
            yield return "inode64";

        if (layout.Read(own, "huge") is > 0 and var huge)
            yield return "huge=" + DescribeHuge(huge);

        // Since 6.4.
        if (layout.Read(own, "noswap") is > 0)
            yield return "noswap";
    }

    /// <summary>procfs: proc_show_options; a super block has its own since 5.8.</summary>
    private IEnumerable<string> ReadProcesses(ulong own)
    {
        var layout = new LinuxStruct(_kernel, "struct proc_fs_info");
        if (layout.Read(own, "pid_gid", "val") is > 0 and var group)
            yield return Number("gid", group);

        string? hidden = layout.Read(own, "hide_pid") switch
        {
            1 => "noaccess",
            2 => "invisible",
            4 => "ptraceable",
            _ => null,
        };
        if (hidden is not null)
            yield return "hidepid=" + hidden;

        if (layout.Read(own, "pidonly") is 1)
            yield return "subset=pid";
    }

    /// <summary>devpts: devpts_show_options.</summary>
    private IEnumerable<string> ReadTerminals(ulong own)
    {
        var layout = new LinuxStruct(_kernel, "struct pts_fs_info");
        foreach (string owner in s_owners)
        {
            if (
                layout.Read(own, "mount_opts", "set" + owner) is > 0
                && layout.Read(own, "mount_opts", owner, "val") is { } id
            )
                yield return Number(owner, id);
        }

        foreach (string mode in new[] { "mode", "ptmxmode" })
        {
            if (layout.Read(own, "mount_opts", mode) is { } bits)
                yield return $"{mode}={Octal(bits)}";
        }

        if (layout.Read(own, "mount_opts", "max") is < MaxTerminals and var most)
            yield return Number("max", most);
    }

    /// <summary>Control groups of version 2: cgroup_show_options. All mounts have the flags of the one tree.</summary>
    private IEnumerable<string> ReadGroups()
    {
        if (
            _kernel.FindSymbol("cgrp_dfl_root") is not { } root
            || new LinuxStruct(_kernel, "struct cgroup_root").Read(root, "flags") is not { } flags
        )
            yield break;

        foreach ((string flag, string name) in s_groupFlags)
        {
            if (
                _kernel.Values.FindEnumerator(flag) is { } value
                && value.TryGetUInt64(out ulong bit)
                && (flags & bit) != 0
            )
                yield return name;
        }
    }

    /// <summary>
    /// overlayfs: ovl_show_options, its directories. What else it was told is known to its code alone.
    /// </summary>
    private IEnumerable<string> ReadOverlay(ulong own)
    {
        var layout = new LinuxStruct(_kernel, "struct ovl_fs");
        foreach (string name in new[] { "lowerdir", "upperdir", "workdir" })
        {
            // Since 6.5, lowerdirs is an array of which the first has all of them.
            ulong? text = layout.Read(own, "config", name);
            if (text is null && name == "lowerdir" && layout.Read(own, "config", "lowerdirs") is > 0 and var all)
                text = _memory.TryReadUInt64(all, out ulong first) ? first : null;

            if (LinuxText.Read(_memory, text ?? 0) is { Length: > 0 } path)
                yield return $"{name}={path}";
        }
    }

    /// <summary>The kernel's count of pages, of which tmpfs takes half when nothing else is said.</summary>
    private ulong? ReadTotalPages() =>
        _kernel.FindSymbol("_totalram_pages") is { } place && _memory.TryReadUInt64(place, out ulong pages)
            ? pages
            : null;

    private static string DescribeHuge(ulong huge) =>
        huge switch
        {
            1 => "always",
            2 => "within_size",
            3 => "advise",
            _ => string.Create(CultureInfo.InvariantCulture, $"?{huge}"),
        };

    private static string Octal(ulong mode) => Convert.ToString((long)(mode & ModeBits), 8).PadLeft(3, '0');

    private static string Number(string name, ulong value) =>
        string.Create(CultureInfo.InvariantCulture, $"{name}={value}");
}
