using Osprey.Symbols.Types;

namespace Osprey.Values;

/// <summary>Finds the names of addresses: of functions, variables, tables of virtual functions.</summary>
public interface IAddressNames
{
    /// <summary>Finds the symbol that contains an address; null when no module has one.</summary>
    AddressName? Find(ulong address);

    /// <summary>Finds a symbol by its name, where neither a variable nor a function of that name is known.</summary>
    /// <param name="name">The name.</param>
    /// <returns>
    /// Its address, and the type that it has in the sources of the guest's system; null as the type when that is not
    /// known. Null when there is no such symbol.
    /// </returns>
    (ulong Address, DebugType? Type)? FindUntyped(string name) => null;

    /// <summary>Is told that an expression uses what has a name, so that it can say what is odd about it.</summary>
    void NoteUse(string name, ulong address) { }
}
