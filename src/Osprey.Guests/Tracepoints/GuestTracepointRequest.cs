namespace Osprey.Guests.Tracepoints;

/// <summary>The wish to enable or disable tracepoints of a guest's kernel.</summary>
/// <param name="IsMeant">Tells by its name whether a tracepoint is meant.</param>
/// <param name="IsEnabled">Whether they shall write samples.</param>
/// <param name="WithBacktrace">Whether their samples shall have a backtrace; null to leave that as it is.</param>
public sealed record GuestTracepointRequest(Func<string, bool> IsMeant, bool IsEnabled, bool? WithBacktrace);
