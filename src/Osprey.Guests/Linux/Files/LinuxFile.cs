namespace Osprey.Guests.Linux.Files;

/// <summary>A file that the kernel has open.</summary>
/// <param name="Address">The address of its <c>struct file</c>.</param>
/// <param name="Path">Its path, or what stands for it, as in <c>/proc/PID/fd</c>; null when it can't be read.</param>
/// <param name="Kind">What it is, in a word.</param>
/// <param name="InodeAddress">The address of its inode.</param>
internal sealed record LinuxFile(ulong Address, string? Path, string Kind, ulong InodeAddress)
{
    /// <summary>The device that it is on, as the kernel numbers devices; null when not known.</summary>
    public ulong? Device { get; init; }

    /// <summary>Its number on the device; null when not known.</summary>
    public ulong? Inode { get; init; }

    /// <summary>The flags that it was opened with.</summary>
    public ulong Flags { get; init; }

    /// <summary>The place of the next read or write.</summary>
    public ulong? Position { get; init; }
}
