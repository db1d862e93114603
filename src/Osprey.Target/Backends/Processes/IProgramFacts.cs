using Osprey.Symbols;

namespace Osprey.Target.Backends.Processes;

/// <summary>The facts of a process that is read in place of a guest, or of its core file.</summary>
public interface IProgramFacts
{
    /// <summary>The process in words, such as "process 4711 (orders)".</summary>
    string Description { get; }

    /// <summary>Lists what it has mapped now, lowest address first.</summary>
    /// <exception cref="TargetException">It ended, or is not for this user to read.</exception>
    IReadOnlyList<ProgramMapping> ReadMappings();

    /// <summary>
    /// Reads the names of the code that its runtime has compiled so far; none where that is not known, for the reason
    /// that <see cref="NamesProblem"/> then has.
    /// </summary>
    IReadOnlyList<TableSymbol> ReadCodeNames();

    /// <summary>The reason why compiled code has no names, in words; null when none was asked for, or it has.</summary>
    string? NamesProblem { get; }

    /// <summary>Whether it still runs; null for a core file.</summary>
    bool? IsRunning { get; }
}
