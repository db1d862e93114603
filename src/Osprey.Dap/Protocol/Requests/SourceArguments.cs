using Osprey.Dap.Protocol.Types;

namespace Osprey.Dap.Protocol.Requests;

/// <summary>The file whose text is wanted.</summary>
internal sealed record SourceArguments
{
    /// <summary>The file.</summary>
    public DapSource? Source { get; init; }

    /// <summary>Its number, for old clients.</summary>
    public int? SourceReference { get; init; }
}
