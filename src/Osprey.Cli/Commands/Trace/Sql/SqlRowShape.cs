using System.Globalization;
using Osprey.Session.Answers;
using Osprey.Sql;

namespace Osprey.Cli.Commands.Trace.Sql;

/// <summary>The shape of the rows that answer a question in SQL: columns as the statement names them.</summary>
internal static class SqlRowShape
{
    /// <summary>Makes the shape for an answer.</summary>
    public static Shape<string?[]> Of(IReadOnlyList<SqlColumn> columns)
    {
        var shape = new Shape<string?[]>("rows");
        for (int i = 0; i < columns.Count; i++)
        {
            int index = i;
            string name = columns[i].Name;
            _ = columns[i].Kind switch
            {
                SqlColumnKind.Unsigned => shape.Unsigned(name, row => ToUnsigned(row[index])),
                SqlColumnKind.Integer => shape.Integer(name, row => ToInteger(row[index])),
                SqlColumnKind.Number => shape.Number(name, row => ToNumber(row[index])),
                SqlColumnKind.Boolean => shape.Boolean(name, row => row[index] is string text ? text == "true" : null),
                _ => shape.Text(name, row => row[index]),
            };
            shape.Headed(name);
        }

        return shape;
    }

    private static long? ToInteger(string? text) =>
        text is null ? null : long.Parse(text, CultureInfo.InvariantCulture);

    private static ulong? ToUnsigned(string? text) =>
        text is null ? null : ulong.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>A number; none for infinite ones and for what is no number, which JSON can't say.</summary>
    private static double? ToNumber(string? text) =>
        double.TryParse(text, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? number
            : null;
}
