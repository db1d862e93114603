namespace Osprey.Dap.Protocol.Bodies;

/// <summary>The end of a program.</summary>
internal sealed record ExitedBody
{
    /// <summary>Its exit code.</summary>
    public int ExitCode { get; init; }
}
