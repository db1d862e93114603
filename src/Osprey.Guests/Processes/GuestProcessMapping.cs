using Osprey.Target.Architectures.X64;

namespace Osprey.Guests.Processes;

/// <summary>A range of a process's memory.</summary>
/// <param name="Start">Its first address.</param>
/// <param name="End">The address behind its last byte.</param>
/// <param name="Address">The address of the kernel's object for it.</param>
/// <param name="Permissions">The permissions that the process has; its pages may have fewer.</param>
public sealed record GuestProcessMapping(ulong Start, ulong End, ulong Address, PagePermissions Permissions)
{
    /// <summary>True when what the process writes is seen by others that have it, and gets into the file.</summary>
    public bool IsShared { get; init; }

    /// <summary>The place in the file that the first byte is from; 0 when no file is mapped.</summary>
    public ulong Offset { get; init; }

    /// <summary>The device that the file is on, as "major:minor" in hexadecimal; "00:00" when none is mapped.</summary>
    public string Device { get; init; } = "00:00";

    /// <summary>The file's number on its device; 0 when none is mapped.</summary>
    public ulong Inode { get; init; }

    /// <summary>
    /// The file's path, or what the kernel calls the mapping, such as "[heap]"; null when it has no name.
    /// </summary>
    public string? Path { get; init; }

    /// <summary>Its size in bytes.</summary>
    public ulong Size => End - Start;
}
