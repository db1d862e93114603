using System.Text.Json.Serialization;

namespace Osprey.Dap.Protocol.Bodies;

/// <summary>The answer to: can this be watched?</summary>
internal sealed record DataBreakpointInfoBody
{
    /// <summary>The name for a watchpoint; null when there can be none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? DataId { get; init; }

    /// <summary>The memory that is watched, or the reason why none can be.</summary>
    public string Description { get; init; } = "";

    /// <summary>The kinds of watchpoints.</summary>
    public IReadOnlyList<string>? AccessTypes { get; init; }

    /// <summary>Tells whether it means the same in another session.</summary>
    public bool CanPersist { get; init; }
}
