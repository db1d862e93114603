using System.Runtime.InteropServices;

namespace Osprey.Sql.Native;

/// <summary>Finds DuckDB's native library when the first question is asked, and not before.</summary>
/// <remarks>
/// The library has 70 MB, which no other command should pay for: it is never part of the program, and is loaded by
/// name. It is looked for at the path that <c>OSPREY_DUCKDB</c> names, beside the program, where packages of NuGet and
/// the package osprey-sql put native libraries, and where the system has libraries.
/// </remarks>
internal static class DuckDbLibrary
{
    /// <summary>The name under which the calls are declared.</summary>
    public const string Name = "duckdb";

    private const string Variable = "OSPREY_DUCKDB";

    private static readonly Lazy<nint> s_handle = new(Load);

    static DuckDbLibrary() =>
        NativeLibrary.SetDllImportResolver(
            typeof(DuckDbLibrary).Assembly,
            (name, _, _) => name == Name ? s_handle.Value : 0
        );

    private static string FileName =>
        OperatingSystem.IsWindows() ? "duckdb.dll"
        : OperatingSystem.IsMacOS() ? "libduckdb.dylib"
        : "libduckdb.so";

    /// <summary>Loads the library; to be called before any of its functions.</summary>
    /// <exception cref="SqlException">There is none, or it can't be loaded.</exception>
    public static void Require() => _ = s_handle.Value;

    private static nint Load()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given)
            return !NativeLibrary.TryLoad(given, out nint handle)
                    ? throw new SqlException($"{Variable}: {given} is no library that can be loaded")
                : IsDuckDb(handle) ? handle
                : throw new SqlException($"{Variable}: {given} is no DuckDB, or one that is too old");

        string[] places =
        [
            Path.Combine(AppContext.BaseDirectory, FileName),
            Path.Combine(
                AppContext.BaseDirectory,
                "runtimes",
                RuntimeInformation.RuntimeIdentifier,
                "native",
                FileName
            ),
            Path.Combine(AppContext.BaseDirectory, "..", "lib", "osprey", FileName), // of osprey-sql
            FileName,
        ];
        foreach (string place in places)
        {
            if (NativeLibrary.TryLoad(place, out nint handle) && IsDuckDb(handle))
                return handle;
        }

        throw new SqlException(
            $"SQL needs DuckDB's library, and there is no {FileName} beside the program "
                + $"({AppContext.BaseDirectory.TrimEnd('/')}) or among the system's libraries; the package "
                + $"osprey-sql brings it, else put it there, or name it in {Variable}"
        );
    }

    /// <summary>
    /// True when a library has the calls that came last to DuckDB's interface, of those that are used.
    /// </summary>
    private static bool IsDuckDb(nint handle) =>
        NativeLibrary.TryGetExport(handle, "duckdb_create_config", out _)
        && NativeLibrary.TryGetExport(handle, "duckdb_fetch_chunk", out _)
        && NativeLibrary.TryGetExport(handle, "duckdb_prepared_statement_type", out _);
}
