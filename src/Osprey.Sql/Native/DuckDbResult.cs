using System.Runtime.InteropServices;

namespace Osprey.Sql.Native;

/// <summary>The answer to a statement as DuckDB's C interface hands it over; all of it is DuckDB's own.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct DuckDbResult
{
    private readonly ulong _columnCount;
    private readonly ulong _rowCount;
    private readonly ulong _rowsChanged;
    private readonly nint _columns;
    private readonly nint _errorMessage;
    private readonly nint _data;
}
