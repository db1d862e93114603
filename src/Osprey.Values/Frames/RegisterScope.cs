using Osprey.Target.Architectures;
using Osprey.Values.Expressions;

namespace Osprey.Values.Frames;

/// <summary>A vCPU's or thread's registers where no variables are known.</summary>
public sealed class RegisterScope(ValueSpace space, RegisterSet registers) : IVariableScope
{
    /// <inheritdoc/>
    public string? FunctionName => null;

    /// <inheritdoc/>
    public IEnumerable<string> VariableNames => [];

    /// <inheritdoc/>
    public Value? FindVariable(string name) => null;

    /// <inheritdoc/>
    public Value? FindRegister(string name) => RegisterValues.Find(space, registers, name);
}
