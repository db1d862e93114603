namespace Osprey.Cli.Rendering.Streams;

/// <summary>The reader of our output has closed it: the command ends quietly.</summary>
internal sealed class BrokenPipeException : Exception;
