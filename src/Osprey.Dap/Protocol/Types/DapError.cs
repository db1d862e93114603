namespace Osprey.Dap.Protocol.Types;

/// <summary>An error that the client may show.</summary>
internal sealed record DapError
{
    /// <summary>Its number.</summary>
    public int Id { get; init; }

    /// <summary>Its text.</summary>
    public string Format { get; init; } = "";

    /// <summary>Tells whether the user is to see it.</summary>
    public bool ShowUser { get; init; }
}
