namespace Osprey.Values.Expressions;

/// <summary>The scope in which an expression is evaluated: a frame's variables and registers.</summary>
public interface IVariableScope
{
    /// <summary>
    /// The qualified name of the frame's function; null when unknown. Names are also looked up in its namespaces and
    /// classes.
    /// </summary>
    string? FunctionName { get; }

    /// <summary>The names of the visible variables, innermost first.</summary>
    IEnumerable<string> VariableNames { get; }

    /// <summary>Finds a parameter or local variable; null when none of this name is visible.</summary>
    Value? FindVariable(string name);

    /// <summary>
    /// Finds a register by gdb's name without <c>$</c>, such as "rip", "pc", "eax"; null when there is none.
    /// </summary>
    Value? FindRegister(string name);
}
