using Osprey.Symbols;
using Osprey.Target;

namespace Osprey.Guests.Programs;

/// <summary>A system whose kernel keeps the symbols of its modules in memory.</summary>
/// <remarks>A front end asks for it with <see langword="is"/> on the <see cref="IGuestOs"/>.</remarks>
public interface IGuestModuleSymbols
{
    /// <summary>Tells whether a module may be at an address, so that it is worth while to read the symbols.</summary>
    bool MayHoldModule(ulong address);

    /// <summary>Reads the symbols of all modules that are loaded.</summary>
    /// <returns>Null when none is loaded.</returns>
    /// <exception cref="TargetException">The kernel keeps none, or they are not understood.</exception>
    ISymbolTable? ReadModuleSymbols(GuestKernel kernel);
}
