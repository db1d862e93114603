using System.Globalization;
using Osprey.Session.Captures;

namespace Osprey.Cli.Commands.Guest.Capture;

/// <summary>Words about a capture.</summary>
internal static class CaptureMessages
{
    /// <summary>Said of a packet that may be another.</summary>
    public const string Unverified = "not verified: it was read late, and has no checksum";

    /// <summary>The capture in one line.</summary>
    /// <param name="result">What became of it.</param>
    /// <param name="given">The packets that were written or shown.</param>
    public static string Describe(CaptureResult result, long given)
    {
        string time = string.Create(CultureInfo.InvariantCulture, $"{(result.End - result.Start) / 1e9:0.0} s");
        string end = result.Reason == CaptureEnd.GuestEnded ? "; the guest ended" : "";
        return $"{Count(given, "packet")} captured in {time}{end}";
    }

    /// <summary>What is not captured, or not for certain, and why; null when there is nothing of the kind.</summary>
    public static string? DescribeLosses(QueueCounts counts)
    {
        var parts = new List<string>();
        if (counts.Lost > 0)
            parts.Add(
                Count(counts.Lost, "packet")
                    + $" overwritten in the guest's memory before {Pronoun(counts.Lost)} could be read"
            );

        if (counts.Malformed > 0)
            parts.Add($"{Count(counts.Malformed, "packet")} malformed");

        if (counts.Unverified > 0)
            parts.Add($"{Count(counts.Unverified, "captured packet")} not verified: read late, and without a checksum");

        return parts.Count > 0 ? string.Join("; ", parts) : null;
    }

    private static string Pronoun(long count) => count == 1 ? "it" : "they";

    private static string Count(long count, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {what}{(count == 1 ? "" : "s")}");
}
