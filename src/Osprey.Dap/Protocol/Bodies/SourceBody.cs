namespace Osprey.Dap.Protocol.Bodies;

/// <summary>The text of a file.</summary>
internal sealed record SourceBody
{
    /// <summary>The text.</summary>
    public string Content { get; init; } = "";
}
