namespace Osprey.Rest.Tracepoints;

/// <summary>
/// The state of one tracepoint as a guest reports it. Several may share a name and then share the id.
/// </summary>
/// <param name="Name">
/// The tracepoint's name. Not an identifier always: OSv has one called <c>function entry</c>.
/// </param>
/// <param name="Id">What the guest calls it in a path; the name in all versions so far.</param>
/// <param name="Enabled">Whether hits are recorded.</param>
/// <param name="Backtrace">Whether a record has a backtrace when hits are recorded.</param>
public sealed record TraceEventInfo(string Name, string Id, bool Enabled, bool Backtrace);
