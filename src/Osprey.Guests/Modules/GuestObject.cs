namespace Osprey.Guests.Modules;

/// <summary>A file of code that a guest has loaded: a program, a library, a kernel module.</summary>
/// <param name="Path">Its path in the guest; its name, where the system keeps no path.</param>
/// <param name="Base">
/// The number that is added to its link-time addresses; 0 when it runs where it was linked to.
/// </param>
/// <param name="Start">Address of its first byte.</param>
/// <param name="End">Address behind its last byte.</param>
public sealed record GuestObject(string Path, ulong Base, ulong Start, ulong End)
{
    /// <summary>What a kernel knows of its module; null for other files.</summary>
    public GuestKernelModule? Module { get; init; }
}
