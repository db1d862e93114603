using System.Runtime.InteropServices;

namespace Osprey.Sql.Native;

/// <summary>The answer to a statement as DuckDB's C interface hands it over; all of it is DuckDB's own.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct DuckDbResult
{
    private ulong _columnCount;
    private ulong _rowCount;
    private ulong _rowsChanged;
    private nint _columns;
    private nint _errorMessage;
    private nint _data;
}
