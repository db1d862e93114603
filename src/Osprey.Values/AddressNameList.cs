namespace Osprey.Values;

/// <summary>
/// Names addresses by the symbols of several modules; the first module that knows an address names it.
/// </summary>
internal sealed class AddressNameList(IReadOnlyList<IAddressNames> modules) : IAddressNames
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
