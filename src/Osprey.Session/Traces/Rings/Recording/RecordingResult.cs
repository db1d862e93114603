namespace Osprey.Session.Traces.Rings.Recording;

/// <summary>The outcome of a recording.</summary>
/// <param name="Path">The newest file.</param>
/// <param name="Files">The files that are there now, newest first.</param>
/// <param name="End">The reason why it ended.</param>
/// <param name="State">What was recorded, in all files.</param>
/// <param name="Addresses">The distinct addresses in the backtraces of the newest file.</param>
/// <param name="Named">Those of them that have names in it.</param>
/// <param name="Defects">The reasons why samples may be missing, in words.</param>
public sealed record RecordingResult(
    string Path,
    IReadOnlyList<string> Files,
    RecordingEnd End,
    RecordingState State,
    int Addresses,
    int Named,
    IReadOnlyList<string> Defects
);
