using System.Globalization;
using Osprey.Guests;
using Osprey.Guests.FileSystems;
using Osprey.Session.Guests;
using Osprey.Target;

namespace Osprey.Session.Answers.Guests.FileSystems;

/// <summary>The columns of statistics of a file system.</summary>
public static class StatisticRow
{
    /// <summary>The columns.</summary>
    public static Shape<GuestStatistic> Shape { get; } =
        new Shape<GuestStatistic>("statistics")
            .Text("section", row => row.Section)
            .Text("name", row => row.Name)
            .Integer("value", row => row.Value)
            .Text("unit", row => row.IsSize ? "bytes" : null)
            .OnlyInData()
            .Text("size", row => row.IsSize && row.Value >= 0 ? SizeText.Format((ulong)row.Value) : null)
            .OnlyInText()
            .Share("share", row => row.Share)
            .OnlyInData()
            .Text("of", row => row.Whole)
            .OnlyInData()
            .Text("share", Describe)
            .OnlyInText();

    /// <summary>Reads the statistics of ZFS.</summary>
    /// <exception cref="TargetException">The system has no such ability, or ZFS is not loaded.</exception>
    public static GuestList<GuestStatistic> AskZfs(GuestSession session, QuestionContext context) =>
        session
            .RequireAbility<IGuestFileSystems>("ZFS can't be looked into")
            .ReadZfs(session.Kernel, context.Cancellation);

    private static string? Describe(GuestStatistic row) =>
        row.Share is { } share ? string.Create(CultureInfo.InvariantCulture, $"{share:F2} % of {row.Whole}") : null;
}
