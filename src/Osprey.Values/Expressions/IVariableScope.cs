using System.Diagnostics.CodeAnalysis;
using Osprey.Target.Architectures.X64;

namespace Osprey.Values.Expressions;

/// <summary>What expressions can name beyond globals: the variables and registers of a frame.</summary>
public interface IVariableScope
{
    /// <summary>A local or parameter that is visible; null when there is none of that name.</summary>
    Value? FindVariable(string name);

    /// <summary>What a register holds in the frame.</summary>
    bool TryReadRegister(X64Register register, out ulong value);
}
