namespace Osprey.Cli.Rendering.Streams;

/// <summary>Whoever read our output has closed it: the command ends quietly.</summary>
internal sealed class BrokenPipeException : Exception;
