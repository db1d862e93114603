namespace Osprey.Guests.Memory;

/// <summary>What the addresses of a guest belong to, as it was when it was read.</summary>
public interface IGuestAddressBook
{
    /// <summary>The reasons why answers may be missing, in words.</summary>
    IReadOnlyList<string> Defects { get; }

    /// <summary>Lists all that an address belongs to, the most specific first; maybe nothing.</summary>
    IReadOnlyList<GuestPlace> Find(ulong address);

    /// <summary>
    /// Lists the other virtual addresses that lead to the same physical memory by the kernel's own maps.
    /// </summary>
    IReadOnlyList<ulong> FindAliases(ulong address);
}
