using System.Runtime.CompilerServices;

namespace Osprey.Tests.Recordings;

/// <summary>Paths of files in this checkout. The only helper that knows where the repository's root is.</summary>
internal static class Checkout
{
    /// <summary>The repository's root.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The recordings of real guests that users see too: folders with a tracefile and its symbols.</summary>
    public static string Samples => Path.Combine(Root, "samples");

    /// <summary>What only tests need of the recordings: dumps, and what the reference printed.</summary>
    public static string Recordings => Path.Combine(Root, "tests", "Osprey.Tests", "Recordings");

    /// <summary>The tracefile of a recording: <c>alloc</c>, <c>fs</c> or <c>net</c>.</summary>
    public static string Tracefile(string recording) => Path.Combine(Samples, recording, "tracefile");

    /// <summary>The packed dump of a recording: <c>fs</c> or <c>net</c>.</summary>
    public static string PackedDump(string recording) => Path.Combine(Recordings, recording, "buffers.bin.gz");

    private static string FindRoot([CallerFilePath] string source = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(source)!, "..", "..", ".."));
}
