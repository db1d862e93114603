namespace Osprey.Rest.Tracepoints;

/// <summary>The change of the tracepoints of one name.</summary>
/// <param name="Name">The tracepoint's name.</param>
/// <param name="Previous">The state that the guest reported when it made the change.</param>
/// <param name="Current">The state that was read afterwards.</param>
public sealed record TracepointChange(string Name, TracepointState Previous, TracepointState Current)
{
    /// <summary>True when the state changed.</summary>
    public bool Changed => Previous != Current;
}
