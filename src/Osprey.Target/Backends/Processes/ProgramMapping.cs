namespace Osprey.Target.Backends.Processes;

/// <summary>A range of addresses that a process has mapped.</summary>
/// <param name="Start">The first byte.</param>
/// <param name="End">The first byte behind it.</param>
/// <param name="IsReadable">Whether the process may read it.</param>
/// <param name="IsExecutable">Whether the process may execute it.</param>
/// <param name="Path">The file in it, or its name, such as "[heap]"; empty where it has none.</param>
public sealed record ProgramMapping(ulong Start, ulong End, bool IsReadable, bool IsExecutable, string Path);
