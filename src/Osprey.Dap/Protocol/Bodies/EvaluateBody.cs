namespace Osprey.Dap.Protocol.Bodies;

/// <summary>A value, or what a command printed.</summary>
internal sealed record EvaluateBody
{
    /// <summary>The text.</summary>
    public string Result { get; init; } = "";

    /// <summary>The type.</summary>
    public string? Type { get; init; }

    /// <summary>The number that its parts are asked for by; 0 when it has none.</summary>
    public int VariablesReference { get; init; }

    /// <summary>The number of named parts.</summary>
    public long? NamedVariables { get; init; }

    /// <summary>The number of numbered parts.</summary>
    public long? IndexedVariables { get; init; }

    /// <summary>The address of its memory.</summary>
    public string? MemoryReference { get; init; }
}
