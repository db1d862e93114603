namespace Osprey.Target.Backends.CoreFile;

/// <summary>A segment of a core that is being written.</summary>
/// <param name="Virtual">Its virtual address; the physical one where it has none of its own.</param>
/// <param name="Physical">Its physical address.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Offset">Where in the file it starts.</param>
internal readonly record struct CoreSegment(ulong Virtual, ulong Physical, ulong Size, long Offset);
