namespace Osprey.Session.Traces.Changes;

/// <summary>Two traces that are to become one.</summary>
/// <param name="OutputPath">The file to write or replace.</param>
/// <param name="Label">What is put in front of the names of the second trace's tracepoints.</param>
public sealed record MergeRequest(string OutputPath, string Label)
{
    /// <summary>
    /// What is added to the times of the second trace, in nanoseconds; null to go by the clocks that the traces name.
    /// </summary>
    public long? Offset { get; init; }
}
