namespace Osprey.Symbols.Types;

/// <summary>The type of a function.</summary>
/// <param name="result">Gives what it returns; null for <c>void</c>.</param>
/// <param name="parameters">Gives the types of its parameters; null for <c>void</c>.</param>
/// <param name="isVariadic">Whether more arguments may follow.</param>
public sealed class FunctionType(Func<DebugType?> result, Func<IReadOnlyList<DebugType?>> parameters, bool isVariadic)
    : DebugType
{
    private readonly Lazy<DebugType?> _result = new(result);
    private readonly Lazy<IReadOnlyList<DebugType?>> _parameters = new(parameters);

    /// <summary>What it returns; null for <c>void</c>.</summary>
    public DebugType? Result => _result.Value;

    /// <summary>The types of its parameters.</summary>
    public IReadOnlyList<DebugType?> Parameters => _parameters.Value;

    /// <summary>Whether more arguments may follow.</summary>
    public bool IsVariadic => isVariadic;

    /// <inheritdoc/>
    public override string? Name => null;

    /// <inheritdoc/>
    public override ulong? Size => null;
}
