namespace Osprey.Dap.Protocol.Types;

/// <summary>The form of values.</summary>
internal sealed record ValueFormat
{
    /// <summary>Whether numbers are hexadecimal.</summary>
    public bool? Hex { get; init; }
}
