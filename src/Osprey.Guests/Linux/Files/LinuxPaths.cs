using System.Text;
using Osprey.Target;
using Osprey.Target.Memory;

namespace Osprey.Guests.Linux.Files;

/// <summary>Builds the paths of files out of the kernel's directory entries and mounts.</summary>
/// <remarks>
/// A file has a <c>dentry</c> and the mount through which it was opened. The names lead upwards, from entry to parent,
/// to the root of the mount; there they go on at the mount's place in the one that it is mounted in, until a mount is
/// its own parent. A moved or damaged tree may have a circle: the steps are counted.
/// </remarks>
internal sealed class LinuxPaths
{
    private const int MaxSteps = 4096; // PATH_MAX
    private const ulong MaxName = 255; // NAME_MAX

    private readonly IMemoryReader _memory;
    private readonly LinuxStruct _entry;
    private readonly LinuxField _parent;
    private readonly LinuxField _name;
    private readonly LinuxField _nameLength;
    private readonly LinuxField? _hashed;
    private readonly LinuxStruct _mount;
    private readonly LinuxField _mountParent;
    private readonly LinuxField _mountPoint;
    private readonly LinuxField _mountRoot;
    private readonly ulong _mountOffset;
    private readonly Dictionary<(ulong, ulong, ulong, ulong), LinuxPath?> _known = [];

    /// <exception cref="TargetException">The kernel's types are not known, or not understood.</exception>
    public LinuxPaths(GuestKernel kernel)
    {
        _memory = kernel.Values.Memory;
        _entry = new LinuxStruct(kernel, "struct dentry");
        _parent = _entry.Require("d_parent");
        _name = _entry.Require("d_name", "name");
        _nameLength = _entry.Require("d_name", "len");
        _hashed = _entry.Find("d_hash", "pprev");
        _mount = new LinuxStruct(kernel, "struct mount");
        _mountParent = _mount.Require("mnt_parent");
        _mountPoint = _mount.Require("mnt_mountpoint");
        _mountRoot = _mount.Require("mnt", "mnt_root");
        _mountOffset = (ulong)_mount.Require("mnt").Offset;
    }

    /// <summary>Builds the path that a file has in its namespace; null when it can't be read.</summary>
    /// <param name="mount">The mount that it was opened through: a <c>vfsmount</c>.</param>
    /// <param name="entry">Its directory entry.</param>
    /// <param name="rootMount">The mount of the directory that paths begin at; 0 for the namespace's own.</param>
    /// <param name="rootEntry">That directory's entry.</param>
    public LinuxPath? Build(ulong mount, ulong entry, ulong rootMount = 0, ulong rootEntry = 0)
    {
        var key = (mount, entry, rootMount, rootEntry);
        if (!_known.TryGetValue(key, out LinuxPath? path))
            _known[key] = path = Walk(mount, entry, rootMount, rootEntry);

        return path;
    }

    /// <summary>Builds the path of an entry within its own file system; null when it can't be read.</summary>
    public LinuxPath? BuildInside(ulong entry)
    {
        var names = new List<string>();
        for (int step = 0; step < MaxSteps && _entry.TryCopy(entry, out ReadOnlySpan<byte> copy); step++)
        {
            ulong above = _parent.Get(copy) ?? 0;
            if (above == entry)
                return new LinuxPath(Join(names), IsReachable: true);

            if (ReadName(copy) is not { } name)
                return null;

            names.Add(name);
            entry = above;
        }

        return null;
    }

    /// <summary>
    /// Reads the name of an entry that is in no directory, such as that of a pipe; null when it is in one, or can't be
    /// read.
    /// </summary>
    public string? ReadLonelyName(ulong mount, ulong entry) =>
        _entry.TryCopy(entry, out ReadOnlySpan<byte> copy)
        && _parent.Get(copy) == entry
        && ReadName(copy) is { } name
        && _mount.TryCopy(unchecked(mount - _mountOffset), out ReadOnlySpan<byte> mounted)
        && _mountRoot.Get(mounted) != entry
            ? name
            : null;

    /// <summary>True when a file was removed, and is there as long as somebody has it open.</summary>
    public bool IsRemoved(ulong entry) =>
        _hashed is { } hashed
        && _entry.TryCopy(entry, out ReadOnlySpan<byte> copy)
        && _parent.Get(copy) != entry
        && hashed.Get(copy) == 0;

    private LinuxPath? Walk(ulong mount, ulong entry, ulong rootMount, ulong rootEntry)
    {
        var names = new List<string>();
        for (int step = 0; step < MaxSteps; step++)
        {
            if (rootMount != 0 && mount == rootMount && entry == rootEntry)
                return new LinuxPath(Join(names), IsReachable: true);

            if (
                !_entry.TryCopy(entry, out ReadOnlySpan<byte> copy)
                || !_mount.TryCopy(unchecked(mount - _mountOffset), out ReadOnlySpan<byte> mounted)
            )
                return null;

            if (_mountRoot.Get(mounted) == entry)
            {
                ulong parent = _mountParent.Get(mounted) ?? 0;
                if (parent == unchecked(mount - _mountOffset))
                    return new LinuxPath(Join(names), rootMount == 0);

                (mount, entry) = (unchecked(parent + _mountOffset), _mountPoint.Get(mounted) ?? 0);
                continue;
            }

            ulong above = _parent.Get(copy) ?? 0;
            if (above == entry || ReadName(copy) is not { } name)
                return above == entry ? new LinuxPath(Join(names), IsReachable: false) : null;

            names.Add(name);
            entry = above;
        }

        return null;
    }

    private string? ReadName(ReadOnlySpan<byte> entry) =>
        _nameLength.Get(entry) is { } length
        && length <= MaxName
        && LinuxText.Read(_memory, _name.Get(entry) ?? 0, length) is { } name
            ? name
            : null;

    private static string Join(List<string> names)
    {
        if (names.Count == 0)
            return "/";

        var path = new StringBuilder();
        for (int i = names.Count - 1; i >= 0; i--)
            path.Append('/').Append(names[i]);

        return path.ToString();
    }
}
