using Osprey.Values;
using Osprey.Values.Expressions;

namespace Osprey.Session.Guests;

/// <summary>A scope in which the thread of the context has the name <c>current</c>.</summary>
/// <param name="inner">The scope without that; null for one that has no names.</param>
/// <param name="find">Gives a pointer to the system's object for the thread; null when there is none.</param>
internal sealed class CurrentThreadScope(IVariableScope? inner, Func<Value?> find) : IVariableScope
{
    private const string Word = "current";

    /// <inheritdoc/>
    public string? FunctionName => inner?.FunctionName;

    /// <inheritdoc/>
    public IEnumerable<string> VariableNames => inner?.VariableNames ?? [];

    /// <inheritdoc/>
    public Value? FindVariable(string name) => inner?.FindVariable(name) ?? (name == Word ? find() : null);

    /// <inheritdoc/>
    public Value? FindRegister(string name) => inner?.FindRegister(name);
}
