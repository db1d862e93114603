namespace Osprey.Dap.Protocol.Types;

/// <summary>The form of values.</summary>
internal sealed record ValueFormat
{
    /// <summary>Tells whether numbers are hexadecimal.</summary>
    public bool? Hex { get; init; }
}
