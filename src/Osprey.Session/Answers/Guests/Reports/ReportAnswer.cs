using Osprey.Session.Guests;

namespace Osprey.Session.Answers.Guests.Reports;

/// <summary>The answer to: what should stand in a report about a fault of this guest?</summary>
/// <param name="Sections">Its parts.</param>
public sealed record ReportAnswer(IReadOnlyList<ReportSection> Sections)
{
    /// <summary>The columns.</summary>
    public static Shape<ReportAnswer> Shape { get; } =
        new Shape<ReportAnswer>("report").Map(
            "sections",
            (answer, writer) =>
            {
                foreach (ReportSection section in answer.Sections)
                    section.Write(writer);
            }
        );

    /// <summary>
    /// Asks all that there is to know; each part that can't be read says why. A live guest is not paused.
    /// </summary>
    public static ReportAnswer Ask(GuestSession session, QuestionContext context) =>
        new(new ReportReader(session, context).Read());
}
