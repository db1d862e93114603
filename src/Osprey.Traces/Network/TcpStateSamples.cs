using System.Globalization;
using Osprey.Packets.Transport;
using Osprey.Traces.Model;

namespace Osprey.Traces.Network;

/// <summary>Puts the states of <c>tcp_state</c> samples into words.</summary>
public static class TcpStateSamples
{
    private const string Arrow = " -> ";

    /// <summary>Whether samples of this tracepoint tell a change of a connection's state.</summary>
    public static bool IsTcpState(Tracepoint tracepoint) => tracepoint.Name == "tcp_state";

    /// <summary>The change with its states' names, such as <c>tp=0x0000..., CLOSED -> SYN_RECEIVED</c>.</summary>
    /// <returns>Null when the sample does not have the arguments that are expected of it.</returns>
    public static string? Describe(Tracepoint tracepoint, in TraceEvent sample)
    {
        if (
            tracepoint.Layout
            is not {
                Fields: [{ Type: ArgumentType.Pointer }, { Type.IsInteger: true }, { Type.IsInteger: true }]
            } layout
        )
            return null;

        var arguments = new PayloadArguments(layout, sample.Payload);
        return $"tp=0x{arguments.GetInteger(0):x16}, {Name(arguments.GetInteger(1))}{Arrow}{Name(arguments.GetInteger(2))}";
    }

    /// <summary>
    /// As the reference has it: it looks at the last digit before the arrow and cuts six characters off the text, so
    /// that states of two digits go wrong (trace-cli section 7.4).
    /// </summary>
    /// <param name="text">The sample's arguments as formatted.</param>
    public static string DescribeAsReference(string text)
    {
        for (
            int arrow = text.LastIndexOf(Arrow, StringComparison.Ordinal);
            arrow > 0;
            arrow = text.LastIndexOf(Arrow, arrow - 1, StringComparison.Ordinal)
        )
        {
            int start = arrow + Arrow.Length;
            int end = start;
            while (end < text.Length && char.IsAsciiDigit(text[end]))
                end++;

            if (end == start || !char.IsAsciiDigit(text[arrow - 1]))
                continue;

            _ = int.TryParse(
                text.AsSpan(start, end - start),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out int to
            );
            return $"{text[..Math.Max(0, text.Length - 6)]}{TcpStates.GetName(text[arrow - 1] - '0')}{Arrow}{TcpStates.GetName(to)}";
        }

        return text;
    }

    private static string Name(long state) =>
        state is >= 0 and < int.MaxValue && TcpStates.GetName((int)state) is var name && name != TcpStates.Unknown
            ? name
            : $"{TcpStates.Unknown} ({state})";
}
