using Osprey.Traces.Text;

namespace Osprey.Cli.Rendering.Listings;

/// <summary>The first line of a listing.</summary>
internal static class ListingHeader
{
    /// <summary>Writes the header of a list of samples.</summary>
    public static void Append(Utf8Builder text, bool hasBacktrace) =>
        text.Append(
            $"{"THREAD", -18} {"THREAD-NAME", -15} {"CPU", 2} {"TIMESTAMP[s]", 18} {"TRACEPOINT", -20} "
                + $"ARGUMENTS{(hasBacktrace ? "   [BACKTRACE]" : "")}\n"
        );

    /// <summary>Writes the header of a list of timed samples.</summary>
    public static void AppendTimed(Utf8Builder text, bool hasBacktrace) =>
        text.Append(
            $"{"THREAD", -18} {"THREAD-NAME", -15} {"CPU", 2} {"TIMESTAMP[s]", 19} {"MS", 7} "
                + $"{"TRACEPOINT", -20} ARGUMENTS = RESULT{(hasBacktrace ? "   [BACKTRACE]" : "")}\n"
        );
}
