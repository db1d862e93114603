using Osprey.Traces.Model;

namespace Osprey.Traces.Analyses.Inventory;

/// <summary>The samples that a trace has of one tracepoint.</summary>
/// <param name="Tracepoint">The tracepoint.</param>
/// <param name="Count">How many samples.</param>
/// <param name="WithBacktrace">How many of them have a backtrace.</param>
/// <param name="FitsFormat">Whether the arguments fit the format.</param>
public sealed record TracepointInventory(Tracepoint Tracepoint, long Count, long WithBacktrace, bool FitsFormat);
