namespace Osprey.Target.Memory;

/// <summary>Turns virtual addresses into physical ones as one address space of a guest does.</summary>
public interface IAddressTranslator
{
    /// <summary>Looks one address up, by what the page tables say now.</summary>
    /// <returns>False when it is not mapped, or the tables can't be read.</returns>
    bool TryTranslate(ulong address, out Translation translation);
}
