using Osprey.Symbols.Types.Variables;
using Osprey.Values;
using Osprey.Values.Frames;

namespace Osprey.Dap.Values;

/// <summary>The parameters of a function in a frame, or its local variables.</summary>
internal sealed class FrameVariables : VariableGroup
{
    private readonly List<(string Name, Value Value, bool IsHidden)> _variables = [];

    /// <param name="scope">The frame.</param>
    /// <param name="isParameters">Whether its parameters are meant.</param>
    public FrameVariables(FrameScope scope, bool isParameters)
    {
        var seen = new HashSet<string>();
        foreach ((DebugVariable variable, Value value) in scope.Variables)
        {
            if (variable.IsParameter == isParameters && variable.Name.Length > 0)
                _variables.Add((variable.Name, value, !seen.Add(variable.Name)));
        }
    }

    /// <inheritdoc/>
    public override int NamedCount => _variables.Count;

    /// <inheritdoc/>
    public override IEnumerable<ChildValue> ListNamed(int start, int count)
    {
        // Names are to be unique for clients; a block's variable hides one of the same name around it.
        foreach ((string name, Value value, bool isHidden) in _variables.Skip(start).Take(count))
            yield return new ChildValue(isHidden ? $"{name} (hidden)" : name, value)
            {
                Expression = isHidden ? null : name,
            };
    }
}
