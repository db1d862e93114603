namespace Osprey.Values;

/// <summary>Finds the names of addresses: of functions, variables, tables of virtual functions.</summary>
public interface IAddressNames
{
    /// <summary>Finds the symbol that contains an address; null when no module has one.</summary>
    AddressName? Find(ulong address);
}
