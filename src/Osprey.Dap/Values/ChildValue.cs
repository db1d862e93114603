using Osprey.Values;

namespace Osprey.Dap.Values;

/// <summary>A part of something, as the client lists it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value; null for one that is only a text.</param>
internal sealed record ChildValue(string Name, Value? Value)
{
    /// <summary>The text, where there is no value, or another one is to be shown.</summary>
    public string? Text { get; init; }

    /// <summary>An expression for it; null when there is none.</summary>
    public string? Expression { get; init; }

    /// <summary>Tells whether its parts are those of the struct that a container or smart pointer is.</summary>
    public bool IsRaw { get; init; }

    /// <summary>Parts that are not those of the value; null for the value's own.</summary>
    public VariableGroup? Parts { get; init; }
}
