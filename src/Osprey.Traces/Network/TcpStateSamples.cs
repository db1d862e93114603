using System.Globalization;
using Osprey.Packets.Transport;
using Osprey.Traces.Analyses;
using Osprey.Traces.Model;
using Osprey.Traces.Semantics;

namespace Osprey.Traces.Network;

/// <summary>Puts the states of a TCP connection, where samples tell their changes, into words.</summary>
public sealed class TcpStateSamples
{
    private const string Arrow = " -> ";
    private readonly TracepointTable _tracepoints;
    private readonly bool[] _isTcpState;
    private readonly TcpStateArguments?[] _places;

    /// <param name="scope">The trace's dictionary and its semantics.</param>
    public TcpStateSamples(AnalysisScope scope)
    {
        _tracepoints = scope.Tracepoints;
        _isTcpState = scope.MaskOf(TracepointRole.TcpState);
        _places =
        [
            .. _tracepoints.All.Select(tracepoint =>
                _isTcpState[tracepoint.Index] ? scope.Semantics.FindTcpState(tracepoint) : null
            ),
        ];
    }

    /// <summary>Tells whether samples of this tracepoint tell a change of a connection's state.</summary>
    public bool IsTcpState(int tracepoint) => _isTcpState[tracepoint];

    /// <summary>The change with its states' names, such as <c>tp=0x0000..., CLOSED -> SYN_RECEIVED</c>.</summary>
    /// <returns>Null when the sample does not have the arguments that are expected of it.</returns>
    public string? Describe(in TraceEvent sample)
    {
        if (_places[sample.Tracepoint] is not TcpStateArguments place)
            return null;

        var arguments = new PayloadArguments(_tracepoints[sample.Tracepoint].Layout!, sample.Payload);
        string from = Name(arguments.GetInteger(place.From));
        string to = Name(arguments.GetInteger(place.To));
        return $"tp=0x{arguments.GetInteger(place.Connection):x16}, {from}{Arrow}{to}";
    }

    /// <summary>
    /// Describes the change as the reference does: it looks at the last digit before the arrow and cuts six characters
    /// off the text, so that states of two digits go wrong.
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
            string before = text[..Math.Max(0, text.Length - 6)];
            return $"{before}{TcpStates.GetName(text[arrow - 1] - '0')}{Arrow}{TcpStates.GetName(to)}";
        }

        return text;
    }

    private static string Name(long state) =>
        state is >= 0 and < int.MaxValue && TcpStates.GetName((int)state) is var name && name != TcpStates.Unknown
            ? name
            : $"{TcpStates.Unknown} ({state})";
}
