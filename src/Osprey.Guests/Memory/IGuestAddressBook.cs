namespace Osprey.Guests.Memory;

/// <summary>The owners of a guest's addresses, as they were when they were read.</summary>
public interface IGuestAddressBook
{
    /// <summary>The reasons why answers may be missing, in words.</summary>
    IReadOnlyList<string> Defects { get; }

    /// <summary>Lists all that an address belongs to, the most specific first; maybe nothing.</summary>
    IReadOnlyList<GuestPlace> Find(ulong address);

    /// <summary>Lists the virtual addresses that lead to a physical one by the kernel's own maps.</summary>
    IReadOnlyList<ulong> FindAliases(ulong physical);

    /// <summary>
    /// Lists what is known of the memory at one of those addresses that holds for the memory by whatever address it is
    /// seen: nothing is taken from the area of the address itself.
    /// </summary>
    IReadOnlyList<GuestPlace> FindByAlias(ulong alias);
}
