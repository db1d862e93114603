namespace Osprey.Cli;

/// <summary>A command that cannot do what was asked: shown as one line, exit code 1.</summary>
internal sealed class CommandFailedException(string message) : Exception(message);
