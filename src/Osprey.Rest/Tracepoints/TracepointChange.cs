namespace Osprey.Rest.Tracepoints;

/// <summary>What a command did to the tracepoints of one name.</summary>
/// <param name="Name">The tracepoint's name.</param>
/// <param name="Previous">The state that the guest reported when it made the change.</param>
/// <param name="Current">The state that was read afterwards.</param>
public sealed record TracepointChange(string Name, TracepointState Previous, TracepointState Current)
{
    /// <summary>Whether anything changed.</summary>
    public bool Changed => Previous != Current;
}
