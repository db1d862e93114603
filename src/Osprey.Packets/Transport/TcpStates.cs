namespace Osprey.Packets.Transport;

/// <summary>Names of the TCP states that OSv's <c>tcp_state</c> tracepoint records as numbers.</summary>
public static class TcpStates
{
    private static readonly string[] s_names =
    [
        "CLOSED",
        "LISTEN",
        "SYN_SENT",
        "SYN_RECEIVED",
        "ESTABLISHED",
        "CLOSE_WAIT",
        "FIN_WAIT_1",
        "CLOSING",
        "LAST_ACK",
        "FIN_WAIT_2",
        "TIME_WAIT",
    ];

    /// <summary>The name of a number outside the table.</summary>
    public const string Unknown = "Unknown";

    /// <summary>The states' names; a name's index is its number.</summary>
    public static IReadOnlyList<string> Names => s_names;

    /// <summary>A state's name, <see cref="Unknown"/> for a number that no state has.</summary>
    public static string GetName(int state) => state >= 0 && state < s_names.Length ? s_names[state] : Unknown;

    /// <summary>The number of the state of that name, in any letter case.</summary>
    public static bool TryGetNumber(string name, out int state)
    {
        state = Array.FindIndex(s_names, known => known.Equals(name, StringComparison.OrdinalIgnoreCase));
        return state >= 0;
    }
}
