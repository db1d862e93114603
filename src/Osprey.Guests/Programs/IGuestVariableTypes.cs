namespace Osprey.Guests.Programs;

/// <summary>
/// A system whose variables have types that are known from its sources, for guests of which only symbols are known.
/// </summary>
public interface IGuestVariableTypes
{
    /// <summary>Finds the type of a variable of the kernel, as C spells it; null when that is not known.</summary>
    /// <param name="name">The variable's name.</param>
    string? FindVariableType(string name);
}
