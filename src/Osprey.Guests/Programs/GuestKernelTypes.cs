using Osprey.Symbols.Types;

namespace Osprey.Guests.Programs;

/// <summary>The types of a kernel, as it describes them in memory.</summary>
/// <param name="Types">The types. Addresses of functions and variables are run-time ones.</param>
/// <param name="Format">The name of the description's format.</param>
/// <param name="Address">Virtual address of its first byte.</param>
/// <param name="Size">Its size in bytes.</param>
public sealed record GuestKernelTypes(ITypeSource Types, string Format, ulong Address, ulong Size)
{
    /// <summary>The name of the module whose types they are; null for the kernel's own.</summary>
    public string? Module { get; init; }
}
