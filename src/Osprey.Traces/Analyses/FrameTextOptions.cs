namespace Osprey.Traces.Analyses;

/// <summary>The parts of a frame that are shown besides its name.</summary>
/// <param name="ShowFile">The source file.</param>
/// <param name="ShowLine">The line in it.</param>
/// <param name="ShowAddress">The address.</param>
/// <param name="IsCompat">Show missing parts as the reference does, as <c>None</c>.</param>
public sealed record FrameTextOptions(
    bool ShowFile = false,
    bool ShowLine = false,
    bool ShowAddress = false,
    bool IsCompat = false
);
