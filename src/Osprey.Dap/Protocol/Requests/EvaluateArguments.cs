using Osprey.Dap.Protocol.Types;

namespace Osprey.Dap.Protocol.Requests;

/// <summary>The text that is to be computed or run.</summary>
internal sealed record EvaluateArguments
{
    /// <summary>The text.</summary>
    public string? Expression { get; init; }

    /// <summary>The frame; null for none.</summary>
    public int? FrameId { get; init; }

    /// <summary>"repl", "watch", "hover", "variables" or "clipboard".</summary>
    public string? Context { get; init; }

    /// <summary>The form of the value.</summary>
    public ValueFormat? Format { get; init; }
}
