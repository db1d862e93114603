namespace Osprey.Rest.Tracepoints;

/// <summary>
/// The state of one tracepoint as a guest reports it. Several tracepoints may share a name, and then the id.
/// </summary>
/// <param name="Name">
/// The tracepoint's name. It may hold spaces: OSv has one called <c>function entry</c>.
/// </param>
/// <param name="Id">The guest's id of it in paths; equal to the name in all versions so far.</param>
/// <param name="Enabled">True when its hits are recorded.</param>
/// <param name="Backtrace">True when a recorded hit has a backtrace.</param>
public sealed record TraceEventInfo(string Name, string Id, bool Enabled, bool Backtrace);
