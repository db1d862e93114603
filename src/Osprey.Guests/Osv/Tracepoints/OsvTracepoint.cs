using Osprey.Guests.Tracepoints;
using Osprey.Values;

namespace Osprey.Guests.Osv.Tracepoints;

/// <summary>A tracepoint, and the kernel's object that stands for it.</summary>
/// <param name="Object">The object, a <c>tracepoint_base</c>.</param>
/// <param name="Tracepoint">What is known of it.</param>
internal sealed record OsvTracepoint(Value Object, GuestTracepoint Tracepoint);
