using System.Diagnostics.CodeAnalysis;
using Iced.Intel;

namespace Osprey.Session.Guests.Code;

/// <summary>Names for the addresses that instructions refer to.</summary>
internal sealed class InstructionSymbols(GuestSession? session) : ISymbolResolver
{
#pragma warning disable RCS1242 // Iced's interface passes it so
    public bool TryGetSymbol(
        in Instruction instruction,
        int operand,
        int instructionOperand,
        ulong address,
        int addressSize,
        [NotNullWhen(true)] out SymbolResult symbol
    )
#pragma warning restore RCS1242
    {
        // Only what is an address for sure: small constants and offsets within structs are not.
        bool isAddress = instruction.IsIPRelativeMemoryOperand || instruction.FlowControl is not FlowControl.Next;
        if (!isAddress || session?.NameAddress(address) is not { } name)
        {
            symbol = default;
            return false;
        }

        symbol = new SymbolResult(address, name);
        return true;
    }
}
