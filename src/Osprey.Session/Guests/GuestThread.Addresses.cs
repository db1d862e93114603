namespace Osprey.Session.Guests;

/// <content>Addresses as users write them.</content>
public sealed partial class GuestThread
{
    /// <summary>Finds the address that a user means: a number, a symbol, or an expression.</summary>
    /// <param name="text">The text that the user wrote.</param>
    /// <param name="isPhysical">True for a physical address; those have no symbols.</param>
    /// <exception cref="FormatException">It is none of these, or means several things.</exception>
    public ulong ResolveAddress(string text, bool isPhysical)
    {
        // A number needs no symbols, and thus no programs to be looked for.
        if (NumberText.TryParse(text, out ulong number))
            return number;

        if (!isPhysical)
        {
            if (!SymbolAddress.TryFind(text, _session.Symbols, out ulong address))
                return EvaluateAddress(text);

            _session.NotePlace(address, text);
            return address;
        }

        throw new FormatException($"'{text}' is not a physical address; expected a number such as 0x1000");
    }
}
