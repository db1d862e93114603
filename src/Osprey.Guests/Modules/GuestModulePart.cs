namespace Osprey.Guests.Modules;

/// <summary>A range of memory of a module.</summary>
/// <param name="Name">What it holds, such as "text".</param>
/// <param name="Start">Address of its first byte.</param>
/// <param name="Size">Its size in bytes.</param>
public sealed record GuestModulePart(string Name, ulong Start, ulong Size)
{
    /// <summary>Tells whether an address is in it.</summary>
    public bool Contains(ulong address) => address >= Start && address - Start < Size;
}
