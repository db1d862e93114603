namespace Osprey.Values;

/// <summary>Names what lies at an address: functions, variables, tables of virtual functions.</summary>
public interface IAddressNames
{
    /// <summary>The symbol that an address is in; null when no module's symbols say.</summary>
    AddressName? Find(ulong address);
}
