namespace Osprey.Values;

/// <summary>Names by several modules' symbols; the first that knows an address names it.</summary>
public sealed class AddressNameList(IReadOnlyList<IAddressNames> modules) : IAddressNames
{
    /// <inheritdoc/>
    public AddressName? Find(ulong address)
    {
        foreach (IAddressNames module in modules)
        {
            if (module.Find(address) is { } name)
                return name;
        }

        return null;
    }
}
