namespace Osprey.Dap.Protocol.Bodies;

/// <summary>A text for the user.</summary>
internal sealed record OutputBody
{
    /// <summary>Its kind.</summary>
    public string Category { get; init; } = "";

    /// <summary>The text.</summary>
    public string Output { get; init; } = "";
}
