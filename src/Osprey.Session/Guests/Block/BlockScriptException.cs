namespace Osprey.Session.Guests.Block;

/// <summary>A script of block steps is written wrongly, or one of its steps failed.</summary>
/// <param name="path">The script's file, or what stands for it.</param>
/// <param name="line">The line, from 1.</param>
/// <param name="problem">What is wrong.</param>
/// <param name="inner">The exception that led to it; null when there is none.</param>
public sealed class BlockScriptException(string path, int line, string problem, Exception? inner = null)
    : Exception($"{path}:{line}: {problem}", inner)
{
    /// <summary>The line, from 1.</summary>
    public int Line { get; } = line;
}
