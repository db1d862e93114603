namespace Osprey.Session.Answers.Guests.Reports;

/// <summary>A part of a report about a guest.</summary>
/// <param name="name">Its name in JSON, in camelCase.</param>
/// <param name="lines">It as text, line by line; none when it could not be read.</param>
/// <param name="problem">The reason why it could not be read; null when it was.</param>
/// <param name="write">Writes its data; null when it could not be read.</param>
public sealed class ReportSection(
    string name,
    IReadOnlyList<string> lines,
    string? problem,
    Action<CellWriter, Column>? write
)
{
    private static readonly Column s_problem = new("problem", ColumnKind.Text);

    private readonly Column _column = new(name, ColumnKind.Record);

    /// <summary>Its name in JSON.</summary>
    public string Name => name;

    /// <summary>It as text, line by line; none when it could not be read.</summary>
    public IReadOnlyList<string> Lines => lines;

    /// <summary>The reason why it could not be read; null when it was.</summary>
    public string? Problem => problem;

    /// <summary>Writes its data: a record or a list, or a record with the problem.</summary>
    internal void Write(CellWriter writer)
    {
        if (write is not null)
        {
            write(writer, _column);
            return;
        }

        writer.BeginRecord(_column);
        writer.Text(s_problem, problem ?? "");
        writer.EndRecord();
    }
}
