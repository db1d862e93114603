using Osprey.Target.Architectures.X64;

namespace Osprey.Guests.Memory;

/// <summary>A range of virtual memory that was mapped for a program.</summary>
/// <param name="Start">Its first address.</param>
/// <param name="End">The address behind its last byte.</param>
/// <param name="Address">The address of the kernel's object for it.</param>
/// <param name="Permissions">The permissions that were asked for; its pages may have fewer.</param>
public sealed record GuestMapping(ulong Start, ulong End, ulong Address, PagePermissions Permissions)
{
    /// <summary>The kernel's flags by name.</summary>
    public IReadOnlyList<string> Flags { get; init; } = [];

    /// <summary>The same, one letter each, as the system's own tools show them.</summary>
    public string FlagLetters { get; init; } = "";

    /// <summary>The path of the file that is mapped; null when it is none, or not known.</summary>
    public string? Path { get; init; }

    /// <summary>The place in the file that the first byte is from; null when no file is mapped.</summary>
    public ulong? Offset { get; init; }

    /// <summary>Its size in bytes.</summary>
    public ulong Size => End - Start;
}
