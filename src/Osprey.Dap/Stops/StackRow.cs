namespace Osprey.Dap.Stops;

/// <summary>A frame that the client was told of.</summary>
/// <param name="Stack">The stack.</param>
/// <param name="Index">The frame's number in it.</param>
internal sealed record StackRow(ThreadStack Stack, int Index);
