namespace Osprey.Cli;

/// <summary>A command line that cannot be followed: shown as one line, exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);
