using Osprey.Values;
using Osprey.Values.Expressions;

namespace Osprey.Debug.Breakpoints;

/// <summary>The names of a frame, which notes whether an expression named one of its variables.</summary>
internal sealed class WatchedScope(IVariableScope inner) : IVariableScope
{
    /// <summary>True when a variable was asked for and found.</summary>
    public bool HasFound { get; private set; }

    /// <inheritdoc/>
    public string? FunctionName => inner.FunctionName;

    /// <inheritdoc/>
    public IEnumerable<string> VariableNames => inner.VariableNames;

    /// <inheritdoc/>
    public Value? FindVariable(string name)
    {
        Value? found = inner.FindVariable(name);
        HasFound |= found is not null;
        return found;
    }

    /// <inheritdoc/>
    public Value? FindRegister(string name) => inner.FindRegister(name);
}
