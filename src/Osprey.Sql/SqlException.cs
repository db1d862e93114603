namespace Osprey.Sql;

/// <summary>A question that can't be answered: the database's library is missing, or it refused a statement.</summary>
public sealed class SqlException : Exception
{
    /// <param name="message">The reason, for the user.</param>
    public SqlException(string message)
        : base(message) { }

    /// <summary>
    /// Makes one line of DuckDB's message: its first paragraph, without the picture of the statement.
    /// </summary>
    internal static SqlException Of(string? message)
    {
        string text = string.IsNullOrEmpty(message) ? "DuckDB gives no reason" : message;
        int end = text.IndexOf("\n\n", StringComparison.Ordinal);
        return new SqlException((end < 0 ? text : text[..end]).ReplaceLineEndings(" "));
    }
}
