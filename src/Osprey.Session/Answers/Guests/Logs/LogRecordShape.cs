using System.Globalization;
using Osprey.Guests.Logs;

namespace Osprey.Session.Answers.Guests.Logs;

/// <summary>The columns of a message.</summary>
public static class LogRecordShape
{
    /// <summary>The columns.</summary>
    public static Shape<GuestLogRecord> Shape { get; } =
        new Shape<GuestLogRecord>("records")
            .Unsigned("sequence", record => record.Sequence)
            .Time("time", record => record.Time)
            .Text("facility", record => LogWords.GetFacility(record.Facility))
            .Text("level", record => LogWords.GetLevel(record.Level))
            .Text("caller", record => record.Caller)
            .Optional()
            .Text("text", record => record.IsTorn ? null : record.Text)
            .Text("subsystem", record => record.Subsystem)
            .Optional()
            .Text("device", record => record.Device)
            .Optional()
            .Boolean("unfinished", record => record.IsUnfinished ? true : null)
            .Optional();

    /// <summary>The start of a line that says facility and level, as <c>dmesg --decode</c> has it.</summary>
    internal static string Describe(GuestLogRecord record) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{LogWords.GetFacility(record.Facility), -6}:{LogWords.GetLevel(record.Level), -6}: "
        );
}
