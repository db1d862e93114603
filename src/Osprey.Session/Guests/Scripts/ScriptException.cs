namespace Osprey.Session.Guests.Scripts;

/// <summary>A script of steps is written wrongly, or one of its steps failed.</summary>
/// <param name="path">The script's file, or what stands for it.</param>
/// <param name="line">The line, from 1.</param>
/// <param name="problem">What is wrong.</param>
/// <param name="inner">The exception that led to it; null when there is none.</param>
public sealed class ScriptException(string path, int line, string problem, Exception? inner = null)
    : Exception($"{path}:{line}: {problem}", inner)
{
    /// <summary>The line, from 1.</summary>
    public int Line { get; } = line;
}
