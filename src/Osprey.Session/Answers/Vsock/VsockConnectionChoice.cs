using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Osprey.Packets.Vsock;

namespace Osprey.Session.Answers.Vsock;

/// <summary>The connections that a user means: one by its number, or all between two ends.</summary>
public sealed class VsockConnectionChoice
{
    private int? _number;
    private VsockEndpoint _first;
    private VsockEndpoint _second;

    private VsockConnectionChoice() { }

    /// <summary>Reads a number, or <c>CID:PORT-CID:PORT</c>, the ends in either order.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out VsockConnectionChoice? choice)
    {
        ArgumentNullException.ThrowIfNull(text);
        choice = null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            choice = new VsockConnectionChoice { _number = number };
        else if (
            text.Split('-') is [string first, string second]
            && VsockEndpoint.TryParse(first, out VsockEndpoint a)
            && VsockEndpoint.TryParse(second, out VsockEndpoint b)
        )
            choice = new VsockConnectionChoice { _first = a, _second = b };

        return choice is not null;
    }

    /// <summary>Tells whether a connection is meant.</summary>
    public bool Includes(VsockConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return _number is not null
            ? connection.Number == _number
            : (connection.Client == _first && connection.Server == _second)
                || (connection.Client == _second && connection.Server == _first);
    }
}
