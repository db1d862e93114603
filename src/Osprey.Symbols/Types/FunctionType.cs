namespace Osprey.Symbols.Types;

/// <summary>The type of a function.</summary>
/// <param name="result">Returns the type of the result; null for <c>void</c>.</param>
/// <param name="parameters">Returns the types of the parameters; null for <c>void</c>.</param>
/// <param name="isVariadic">True when more arguments can follow.</param>
public sealed class FunctionType(Func<DebugType?> result, Func<IReadOnlyList<DebugType?>> parameters, bool isVariadic)
    : DebugType
{
    private readonly Lazy<DebugType?> _result = new(result);
    private readonly Lazy<IReadOnlyList<DebugType?>> _parameters = new(parameters);

    /// <summary>The type of the result; null for <c>void</c>.</summary>
    public DebugType? Result => _result.Value;

    /// <summary>The types of the parameters; for a member function, the object comes first.</summary>
    public IReadOnlyList<DebugType?> Parameters => _parameters.Value;

    /// <summary>True when more arguments can follow.</summary>
    public bool IsVariadic => isVariadic;

    /// <inheritdoc/>
    public override string? Name => null;

    /// <inheritdoc/>
    public override ulong? Size => null;
}
