namespace Osprey.Traces.Exports.Flame;

/// <summary>A box of a flame graph.</summary>
/// <param name="Node">The function.</param>
/// <param name="Depth">The row, 0 for the node that holds all.</param>
/// <param name="Start">Its left edge, in units of weight.</param>
internal readonly record struct FlameBox(FlameNode Node, int Depth, Int128 Start);
