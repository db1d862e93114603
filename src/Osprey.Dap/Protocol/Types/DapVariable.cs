namespace Osprey.Dap.Protocol.Types;

/// <summary>A variable.</summary>
internal sealed record DapVariable
{
    /// <summary>Its name.</summary>
    public string Name { get; init; } = "";

    /// <summary>Its value.</summary>
    public string Value { get; init; } = "";

    /// <summary>Its type.</summary>
    public string? Type { get; init; }

    /// <summary>An expression for it.</summary>
    public string? EvaluateName { get; init; }

    /// <summary>The number that its parts are asked for by; 0 when it has none.</summary>
    public int VariablesReference { get; init; }

    /// <summary>The number of named parts.</summary>
    public long? NamedVariables { get; init; }

    /// <summary>The number of numbered parts.</summary>
    public long? IndexedVariables { get; init; }

    /// <summary>The address of its memory.</summary>
    public string? MemoryReference { get; init; }
}
