using System.Diagnostics;
using Osprey.Tracing.Memory;

namespace Osprey.Tracing.Backtraces;

/// <summary>The addresses that stand for awaiting methods in a backtrace.</summary>
/// <remarks>
/// A method that awaits has no frame, so there is no address of its code to write. What is written is the address of
/// its name, a C string in the memory that readers in other processes know already: they read it there, a dump has it
/// among its symbols. The names say that they are logical callers by how they begin.
/// </remarks>
internal static unsafe class AsyncPlaces
{
    /// <summary>How the name of a logical caller begins.</summary>
    public const string Mark = "[async] ";

    /// <summary>What the runtime's own name of an async method's task begins with.</summary>
    private const string Operation = "Async: ";

    private const int MostPlaces = 4096;
    private const int MostSites = 16_384;
    private const int LongestName = 500;

    private static readonly Lock s_lock = new();
    private static readonly Dictionary<string, ulong> s_places = [];
    private static readonly Dictionary<(string Operation, ulong Site), ulong> s_sites = [];

    /// <summary>Lists the names by address.</summary>
    public static IReadOnlyList<(string Name, ulong Address)> List()
    {
        lock (s_lock)
            return [.. s_places.Select(place => (place.Key, place.Value)).OrderBy(place => place.Value)];
    }

    /// <summary>Gets the place of the async method that waits for the first time, below the caller.</summary>
    /// <param name="operation">The runtime's name of the task, which lacks the method's class.</param>
    /// <param name="addresses">The innermost return addresses of the thread: where this has been asked before.</param>
    /// <returns>0 when it is no async method's, or when there are too many.</returns>
    public static ulong Get(string operation, ReadOnlySpan<ulong> addresses)
    {
        if (!operation.StartsWith(Operation, StringComparison.Ordinal))
            return 0;

        ulong site = Hash(addresses);
        lock (s_lock)
        {
            if (s_sites.TryGetValue((operation, site), out ulong known))
                return known;
        }

        // Dear, but once for each method and those who call it.
        string machine = operation[Operation.Length..];
        string name = s_sites.Count < MostSites ? FindMethod(machine) ?? machine : machine;
        lock (s_lock)
        {
            ulong place = Add(Mark + name);
            if (s_sites.Count < MostSites)
                s_sites[(operation, site)] = place;
            return place;
        }
    }

    /// <summary>Finds the method on the thread's stack: the runtime names a state machine without its class.</summary>
    private static string? FindMethod(string machine)
    {
        foreach (StackFrame frame in new StackTrace(false).GetFrames())
        {
            if (DiagnosticMethodInfo.Create(frame) is not { DeclaringTypeName: { } type } method)
                continue; // a program that was trimmed may have no names
            if (method.Name == "MoveNext" && IsNamed(type, machine))
                return $"{type}::{method.Name}()";
        }

        return null;
    }

    private static bool IsNamed(string type, string machine) =>
        type.EndsWith(machine, StringComparison.Ordinal)
        && (type.Length == machine.Length || type[^(machine.Length + 1)] is '+' or '.');

    private static ulong Add(string name)
    {
        if (name.Length > LongestName)
            name = name[..LongestName];
        if (s_places.TryGetValue(name, out ulong place) || s_places.Count >= MostPlaces)
            return place;

        place = (ulong)TraceRegion.AllocateText(name);
        if (place != 0)
            s_places.Add(name, place);
        return place;
    }

    private static ulong Hash(ReadOnlySpan<ulong> addresses)
    {
        ulong hash = 0;
        foreach (ulong address in addresses)
            hash = unchecked((System.Numerics.BitOperations.RotateLeft(hash, 5) ^ address) * 0x9E37_79B9_7F4A_7C15);
        return hash;
    }
}
