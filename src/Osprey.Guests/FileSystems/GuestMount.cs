namespace Osprey.Guests.FileSystems;

/// <summary>A file system that is mounted.</summary>
/// <param name="Address">The address of the kernel's object for it.</param>
/// <param name="Path">The directory that it is mounted at; null when it can't be read.</param>
/// <param name="Type">The file system's type; null when it can't be read.</param>
/// <param name="Source">What is mounted: a device, or the text that was given in its place.</param>
/// <param name="Options">The options that all file systems have.</param>
public sealed record GuestMount(
    ulong Address,
    string? Path,
    string? Type,
    string? Source,
    IReadOnlyList<string> Options
)
{
    /// <summary>
    /// The options of the file system itself, such as the size of a tmpfs; null when they are not known, since only the
    /// code of the file system understands them.
    /// </summary>
    public IReadOnlyList<string>? OwnOptions { get; init; }

    /// <summary>Its number; null when not known.</summary>
    public ulong? Id { get; init; }

    /// <summary>The number of the mount that it is mounted in, its own for the outermost; null if unknown.</summary>
    public ulong? ParentId { get; init; }

    /// <summary>The device, as "major:minor" in hexadecimal; null when not known.</summary>
    public string? Device { get; init; }

    /// <summary>The directory of the file system that is seen there; null when it can't be read.</summary>
    public string? Root { get; init; }
}
