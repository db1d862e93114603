namespace Osprey.Cli.Rendering;

/// <summary>Whoever read our output has closed it: the command ends quietly.</summary>
internal sealed class BrokenPipeException : Exception;
