namespace Osprey.Traces.Exports.Profiles;

/// <summary>A frame of a stack as pprof tells it from others.</summary>
/// <param name="Name">The function.</param>
/// <param name="File">Its source file, where known.</param>
/// <param name="Line">Its line, 0 where not known.</param>
/// <param name="Address">The address of the call.</param>
internal readonly record struct PprofFrame(string Name, string? File, int Line, ulong Address);
