namespace Osprey.Guests.Processes;

/// <summary>A file that a process has open, or otherwise holds.</summary>
/// <param name="Number">Its number in the process; null for one that has none.</param>
/// <param name="Role">What the process has it for: "open", "cwd", "root" or "exe".</param>
/// <param name="Address">The address of the kernel's object for it; null when it is a directory entry alone.</param>
/// <param name="Path">Its path, or what stands for it, such as "socket:[11166]"; null when it can't be read.</param>
public sealed record GuestOpenFile(int? Number, string Role, ulong? Address, string? Path)
{
    /// <summary>A word for what it is, such as "file" or "socket"; null when not known.</summary>
    public string? Kind { get; init; }

    /// <summary>"r", "w" or "rw"; "path" for one that can't be read or written; null when not known.</summary>
    public string? Mode { get; init; }

    /// <summary>The flags that it was opened with, by name.</summary>
    public IReadOnlyList<string> Flags { get; init; } = [];

    /// <summary>The same as the system's number; null when not known.</summary>
    public ulong? FlagBits { get; init; }

    /// <summary>The place of the next read or write; null when not known.</summary>
    public ulong? Position { get; init; }

    /// <summary>The device that it is on, as "major:minor" in hexadecimal; null when not known.</summary>
    public string? Device { get; init; }

    /// <summary>Its number on the device; null when not known.</summary>
    public ulong? Inode { get; init; }
}
