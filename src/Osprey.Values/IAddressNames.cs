namespace Osprey.Values;

/// <summary>Finds the names of addresses: of functions, variables, tables of virtual functions.</summary>
public interface IAddressNames
{
    /// <summary>Finds the symbol that contains an address; null when no module has one.</summary>
    AddressName? Find(ulong address);

    /// <summary>
    /// Finds the address of a symbol of which nothing but the name is known, not even a type; null when there is none.
    /// </summary>
    ulong? FindUntyped(string name) => null;
}
