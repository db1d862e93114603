namespace Osprey.Tests.Guests.Report;

/// <summary>A name and where it is: a symbol of the kernel, a function or variable of init.</summary>
/// <param name="Name">The name.</param>
/// <param name="Address">Its virtual address in the running guest.</param>
/// <param name="Size">Its size in bytes; 0 where the guest does not tell.</param>
internal sealed record GuestSymbol(string Name, ulong Address, ulong Size);
