namespace Osprey.Dap.Protocol.Requests;

/// <summary>The modules that are wanted.</summary>
internal sealed record ModulesArguments
{
    /// <summary>The first, from 0.</summary>
    public int? StartModule { get; init; }

    /// <summary>The number that is wanted; 0 for all.</summary>
    public int? ModuleCount { get; init; }
}
