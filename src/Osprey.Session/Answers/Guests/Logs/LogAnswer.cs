using Osprey.Guests.Logs;
using Osprey.Session.Guests;
using Osprey.Target;

namespace Osprey.Session.Answers.Guests.Logs;

/// <summary>The answer to: what did the kernel say last?</summary>
/// <param name="Lines">The last lines, the oldest first.</param>
/// <param name="IsCut">True when the kernel said more before.</param>
/// <param name="Scope">A sentence about what the kernel keeps and what not.</param>
public sealed record LogAnswer(IReadOnlyList<string> Lines, bool IsCut, string Scope)
{
    /// <summary>The columns.</summary>
    public static Shape<LogAnswer> Shape { get; } =
        new Shape<LogAnswer>("log")
            .Boolean("cut", answer => answer.IsCut)
            .Text("scope", answer => answer.Scope)
            .Texts("lines", answer => answer.Lines);

    /// <summary>The columns of an answer with records.</summary>
    public static Shape<LogAnswer> RecordsShape { get; } =
        new Shape<LogAnswer>("log")
            .Include(answer => answer, Shape)
            .Records("records", answer => answer.Records, () => LogRecordShape.Shape)
            .Texts("defects", answer => answer.Defects);

    /// <summary>
    /// The messages with their times and levels, of which the lines are made; null where the system keeps lines alone.
    /// </summary>
    public IReadOnlyList<GuestLogRecord>? Records { get; init; }

    /// <summary>The reasons why messages may be missing, in words.</summary>
    public IReadOnlyList<string> Defects { get; init; } = [];

    /// <summary>Reads the last lines.</summary>
    /// <param name="session">The guest.</param>
    /// <param name="count">The most lines; null for all.</param>
    /// <param name="levels">The levels to show; null for all.</param>
    /// <param name="isDecoded">Whether each line begins with its facility and level in words.</param>
    /// <exception cref="TargetException">The system keeps no messages, or its kernel is not known.</exception>
    public static LogAnswer Ask(GuestSession session, int? count, LogLevelChoice? levels = null, bool isDecoded = false)
    {
        GuestLog log = session
            .RequireAbility<IGuestLog>("what it said is not found in its memory")
            .ReadLog(session.Kernel);
        if (log.Records is { } records)
            return FromRecords(session, log, records, count, levels, isDecoded);

        if (levels is not null || isDecoded)
            throw new TargetException(
                TargetProblem.NotAnswered,
                $"the guest runs {session.Identity.Description}: its messages have no levels"
            );

        bool isCut = log.IsCut || log.Lines.Count > count;
        return new LogAnswer([.. log.Lines.TakeLast(count ?? int.MaxValue)], isCut, log.Scope);
    }

    private static LogAnswer FromRecords(
        GuestSession session,
        GuestLog log,
        IReadOnlyList<GuestLogRecord> records,
        int? count,
        LogLevelChoice? levels,
        bool isDecoded
    )
    {
        var os = session.RequireAbility<IGuestLog>("what it said is not found in its memory");
        List<GuestLogRecord> chosen = [.. records.Where(record => levels?.Contains(record.Level) ?? true)];
        List<string> lines = [];
        int first = chosen.Count;
        while (first > 0 && (count is null || lines.Count < count))
        {
            GuestLogRecord record = chosen[--first];
            string start = isDecoded ? LogRecordShape.Describe(record) : "";
            lines.AddRange(os.FormatRecord(record).Select(line => start + line).Reverse());
        }

        lines.Reverse();
        bool isCut = log.IsCut || first > 0 || lines.Count > count;
        return new LogAnswer([.. lines.TakeLast(count ?? int.MaxValue)], isCut, log.Scope)
        {
            Records = chosen[first..],
            Defects = log.Defects,
        };
    }
}
