using System.Globalization;
using Osprey.Target;
using Osprey.Target.Memory;

namespace Osprey.Guests.Linux.Files;

/// <summary>Reads the files that the kernel has open.</summary>
/// <remarks>
/// Pipes, sockets and others have no path. They are on file systems of the kernel's own, whose names tell what to say,
/// as <c>/proc/PID/fd</c> does.
/// </remarks>
internal sealed class LinuxFileReader
{
    private const ulong KindMask = 0xf000; // S_IFMT

    private readonly IMemoryReader _memory;
    private readonly LinuxStruct _file;
    private readonly LinuxField _mount;
    private readonly LinuxField _entry;
    private readonly LinuxField _inode;
    private readonly LinuxField _flags;
    private readonly LinuxField? _position;
    private readonly LinuxStruct _node;
    private readonly LinuxField _number;
    private readonly LinuxField _mode;
    private readonly LinuxField _system;
    private readonly LinuxField? _private;
    private readonly LinuxField _device;
    private readonly LinuxField _systemType;
    private readonly LinuxField _systemName;
    private readonly LinuxField? _namespaceWays;
    private readonly LinuxField? _namespaceName;
    private readonly Dictionary<ulong, LinuxFile?> _files = [];
    private readonly Dictionary<ulong, (ulong? Device, string? Type)> _systems = [];

    /// <exception cref="TargetException">The kernel's types are not known, or not understood.</exception>
    public LinuxFileReader(GuestKernel kernel)
    {
        _memory = kernel.Values.Memory;
        Paths = new LinuxPaths(kernel);
        _file = new LinuxStruct(kernel, "struct file");
        _mount = _file.Require("f_path", "mnt");
        _entry = _file.Require("f_path", "dentry");
        _inode = _file.Require("f_inode");
        _flags = _file.Require("f_flags");
        _position = _file.Find("f_pos");
        _node = new LinuxStruct(kernel, "struct inode");
        _number = _node.Require("i_ino");
        _mode = _node.Require("i_mode");
        _system = _node.Require("i_sb");
        _private = _node.Find("i_private");
        var system = new LinuxStruct(kernel, "struct super_block");
        _device = system.Require("s_dev");
        _systemType = system.Require("s_type");
        _systemName = new LinuxStruct(kernel, "struct file_system_type").Require("name");
        _namespaceWays = LinuxField.Find(kernel.Values, "struct ns_common", "ops");
        _namespaceName = LinuxField.Find(kernel.Values, "struct proc_ns_operations", "name");
    }

    /// <summary>The paths of directory entries.</summary>
    public LinuxPaths Paths { get; }

    /// <summary>Reads a file; null when it is none, or can't be read.</summary>
    /// <param name="address">The address of its <c>struct file</c>.</param>
    public LinuxFile? Read(ulong address)
    {
        if (!_files.TryGetValue(address, out LinuxFile? file))
            _files[address] = file = ReadNew(address);

        return file;
    }

    private LinuxFile? ReadNew(ulong address)
    {
        if (!_file.TryCopy(address, out ReadOnlySpan<byte> copy))
            return null;

        (ulong mount, ulong entry) = (_mount.Get(copy) ?? 0, _entry.Get(copy) ?? 0);
        ulong inode = _inode.Get(copy) ?? 0;
        ulong flags = _flags.Get(copy) ?? 0;
        ulong? position = _position?.Get(copy);
        if (!_node.TryCopy(inode, out ReadOnlySpan<byte> node))
            return null;

        ulong? number = _number.Get(node);
        ulong mode = _mode.Get(node) ?? 0;
        ulong own = _private?.Get(node) ?? 0;
        (ulong? device, string? type) = ReadSystem(_system.Get(node) ?? 0);
        return new LinuxFile(address, FindPath(mount, entry, type, number, own), FindKind(mode, type), inode)
        {
            Device = device,
            Inode = number,
            Flags = flags,
            Position = position,
        };
    }

    private string? FindPath(ulong mount, ulong entry, string? type, ulong? number, ulong own)
    {
        switch (type)
        {
            case "pipefs":
                return Numbered("pipe", number);
            case "sockfs":
                return Numbered("socket", number);
            case "pidfs":
                return "anon_inode:[pidfd]";
            case "anon_inodefs":
                return Paths.ReadLonelyName(mount, entry) is { } anonymous ? $"anon_inode:{anonymous}" : null;
            case "nsfs":
                ulong? name = _namespaceWays?.Read(_memory, own) is { } ways
                    ? _namespaceName?.Read(_memory, ways)
                    : null;
                return LinuxText.Read(_memory, name ?? 0) is { } word ? Numbered(word, number) : null;
        }

        // A file without a directory, such as memory that programs share, never had a path.
        if (Paths.ReadLonelyName(mount, entry) is { } lonely)
            return $"/{lonely} (deleted)";

        return Paths.Build(mount, entry) is { } path ? path.Text + (Paths.IsRemoved(entry) ? " (deleted)" : "") : null;
    }

    private (ulong? Device, string? Type) ReadSystem(ulong system)
    {
        if (!_systems.TryGetValue(system, out (ulong? Device, string? Type) known))
        {
            ulong? type = LinuxStruct.IsKernelAddress(system) ? _systemType.Read(_memory, system) : null;
            ulong? name =
                type is { } place && LinuxStruct.IsKernelAddress(place) ? _systemName.Read(_memory, place) : null;
            known = (
                LinuxStruct.IsKernelAddress(system) ? _device.Read(_memory, system) : null,
                LinuxText.Read(_memory, name ?? 0)
            );
            _systems[system] = known;
        }

        return known;
    }

    private static string? Numbered(string word, ulong? number) =>
        number is { } id ? string.Create(CultureInfo.InvariantCulture, $"{word}:[{id}]") : null;

    private static string FindKind(ulong mode, string? type) =>
        (mode & KindMask) switch
        {
            _ when type == "anon_inodefs" => "anonymous",
            _ when type == "nsfs" => "namespace",
            0x1000 => "pipe",
            0x2000 => "character device",
            0x4000 => "directory",
            0x6000 => "block device",
            0x8000 => "file",
            0xa000 => "link",
            0xc000 => "socket",
            _ => "unknown",
        };
}
