namespace Osprey.Values.Expressions;

/// <summary>The place that an expression is evaluated in: a frame's variables and registers.</summary>
public interface IVariableScope
{
    /// <summary>
    /// Qualified name of the function, whose namespaces and classes are searched for names; null when unknown.
    /// </summary>
    string? FunctionName { get; }

    /// <summary>The names of the variables that are visible, innermost first.</summary>
    IEnumerable<string> VariableNames { get; }

    /// <summary>A parameter or local variable; null when none of this name is visible.</summary>
    Value? FindVariable(string name);

    /// <summary>
    /// A register by gdb's name without <c>$</c>, such as "rip", "pc", "eax"; null when there is none of this name.
    /// </summary>
    Value? FindRegister(string name);
}
