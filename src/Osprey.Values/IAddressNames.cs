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

    /// <summary>
    /// Finds the type that a variable has in the sources of the guest's system, where only a symbol of it is known, as
    /// C spells it; null when that is not known.
    /// </summary>
    /// <param name="name">The variable's name.</param>
    string? FindSourceType(string name) => null;

    /// <summary>Is told that an expression uses what has a name, so that it can say what is odd about it.</summary>
    void NoteUse(string name, ulong address) { }
}
