using System.Text;
using Osprey.Sql.Native;

namespace Osprey.Sql;

/// <summary>The answer to a statement: columns, and rows whose values are texts as DuckDB writes them.</summary>
public sealed class SqlResult : IDisposable
{
    private const int InlineSize = 12;
    private const int StringSize = 16;

    private DuckDbResult _result;
    private bool _isOpen = true;

    internal SqlResult(DuckDbResult texts, IReadOnlyList<SqlColumn> columns)
    {
        _result = texts;
        Columns = columns;
    }

    /// <summary>The columns.</summary>
    public IReadOnlyList<SqlColumn> Columns { get; }

    /// <summary>Reads the rows, once, from the first to the last. A null is a value that SQL calls NULL.</summary>
    public IEnumerable<string?[]> ReadRows()
    {
        while (NextChunk() is { Length: > 0 } rows)
        {
            foreach (string?[] row in rows)
                yield return row;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_isOpen)
            return;

        _isOpen = false;
        DuckDbCalls.DestroyResult(ref _result);
    }

    private string?[][] NextChunk()
    {
        ObjectDisposedException.ThrowIf(!_isOpen, this);
        nint chunk = DuckDbCalls.FetchChunk(_result);
        if (chunk == 0)
            return [];

        try
        {
            string?[][] rows = new string?[checked((int)DuckDbCalls.ChunkSize(chunk))][];
            for (int row = 0; row < rows.Length; row++)
                rows[row] = new string?[Columns.Count];

            for (int column = 0; column < Columns.Count; column++)
                ReadColumn(DuckDbCalls.ChunkVector(chunk, (ulong)column), column, rows);

            return rows;
        }
        finally
        {
            DuckDbCalls.DestroyChunk(ref chunk);
        }
    }

    /// <summary>
    /// Reads a vector of texts: of each 4 bytes for the length, then the text itself if it has at most 12 bytes, else 4
    /// bytes of it and a pointer to the whole.
    /// </summary>
    private static unsafe void ReadColumn(nint vector, int column, string?[][] rows)
    {
        byte* data = (byte*)DuckDbCalls.VectorData(vector);
        ulong* validity = DuckDbCalls.VectorValidity(vector);
        for (int row = 0; row < rows.Length; row++)
        {
            if (validity != null && (validity[row / 64] >> (row % 64) & 1) == 0)
                continue;

            byte* text = data + ((long)row * StringSize);
            int length = *(int*)text;
            byte* start = length <= InlineSize ? text + sizeof(int) : *(byte**)(text + (2 * sizeof(int)));
            rows[row][column] = Encoding.UTF8.GetString(start, length);
        }
    }
}
