namespace Osprey.Dap.Protocol.Types;

/// <summary>A thread.</summary>
internal sealed record DapThread
{
    /// <summary>Its number.</summary>
    public int Id { get; init; }

    /// <summary>Its name, its state and CPU.</summary>
    public string Name { get; init; } = "";
}
