namespace Osprey.Guests.Linux.Modules;

/// <summary>A symbol of a module.</summary>
/// <param name="Address">The address.</param>
/// <param name="Kind">The letter of its kind, as <c>nm</c> has it.</param>
/// <param name="Name">The name.</param>
/// <param name="Module">The module's name.</param>
internal readonly record struct ModuleSymbol(ulong Address, char Kind, string Name, string Module);
