namespace Osprey.Dap.Protocol.Types;

/// <summary>A group of variables of a frame.</summary>
internal sealed record DapScope
{
    /// <summary>Its name.</summary>
    public string Name { get; init; } = "";

    /// <summary>Its kind.</summary>
    public string? PresentationHint { get; init; }

    /// <summary>The number that its variables are asked for by.</summary>
    public int VariablesReference { get; init; }

    /// <summary>The number of them.</summary>
    public int? NamedVariables { get; init; }

    /// <summary>Tells whether it takes long.</summary>
    public bool Expensive { get; init; }
}
