namespace Osprey.Cli.Commands.Trace.Options;

/// <summary>
/// Options that contradict each other. The reference reports these on standard output and exits with 0.
/// </summary>
internal sealed class InvalidArgumentsException(string message) : Exception(message);
