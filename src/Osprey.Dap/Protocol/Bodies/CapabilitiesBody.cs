namespace Osprey.Dap.Protocol.Bodies;

/// <summary>Capabilities that are other than they were.</summary>
internal sealed record CapabilitiesBody
{
    /// <summary>Those that changed.</summary>
    public Capabilities? Capabilities { get; init; }
}
