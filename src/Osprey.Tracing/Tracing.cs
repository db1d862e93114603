using System.Text.RegularExpressions;
using Osprey.Tracing.Control;
using Osprey.Tracing.Dumps;

namespace Osprey.Tracing;

/// <summary>The tracing of this process: what is recorded, and what was.</summary>
/// <remarks>
/// When the process starts, the environment may enable tracepoints: <c>OSPREY_TRACE=vfs*,http*</c>, with backtraces by
/// <c>OSPREY_TRACE_BACKTRACE=1</c>; <c>OSPREY_TRACE_BUFFER=4M</c> is the size of each CPU's ring.
/// </remarks>
public static class Tracing
{
    /// <summary>The tracepoints that have been defined, in that order.</summary>
    public static IReadOnlyList<TracepointInfo> Tracepoints => TracepointList.GetAll();

    /// <summary>Sets the size of each CPU's ring. It has effect until the first tracepoint is enabled.</summary>
    /// <param name="bytes">The size, which is rounded up to a power of two.</param>
    public static void SetRingSize(int bytes) => StartSettings.SetRingSize(bytes);

    /// <summary>Enables the tracepoints whose names match, now and when they are defined later.</summary>
    /// <param name="patterns">
    /// Globs that match whole names, separated by commas or spaces; a basic regular expression between slashes.
    /// </param>
    /// <param name="backtrace">Whether their records are to carry a backtrace.</param>
    /// <returns>The number of those that are defined now.</returns>
    /// <exception cref="ArgumentException">A pattern is not a regular expression.</exception>
    public static int Enable(string patterns, bool backtrace = false) =>
        TracepointList.Enable(NamePatterns.Parse(patterns), backtrace, later: true);

    /// <summary>Enables the tracepoints in whose names a regular expression is found, now and later.</summary>
    /// <param name="pattern">The regular expression.</param>
    /// <param name="backtrace">Whether their records are to carry a backtrace.</param>
    /// <returns>The number of those that are defined now.</returns>
    public static int Enable(Regex pattern, bool backtrace = false) =>
        TracepointList.Enable(pattern.IsMatch, backtrace, later: true);

    /// <summary>Disables the tracepoints whose names match, now and when they are defined later.</summary>
    /// <param name="patterns">As for <see cref="Enable(string, bool)"/>.</param>
    /// <returns>The number of tracepoints that match.</returns>
    /// <exception cref="ArgumentException">A pattern is not a regular expression.</exception>
    public static int Disable(string patterns = "*") =>
        TracepointList.Disable(NamePatterns.Parse(patterns), isAll: patterns == "*");

    /// <summary>Writes what the rings hold as an OSVT dump, which OSv's tools and <c>osprey trace</c> read.</summary>
    /// <param name="stream">Where the dump is written to.</param>
    public static void WriteDump(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        TraceDump.Write(stream);
    }

    /// <summary>Counts the records of this process.</summary>
    public static TraceTotals GetTotals() => TraceTotals.Take();
}
