using System.Globalization;

namespace Osprey.Target.Backends.Qemu.Qmp;

/// <summary>The place where a QEMU listens: a Unix socket or a TCP port.</summary>
/// <param name="UnixPath">The socket's path; null for TCP.</param>
/// <param name="Host">The host's name or address; null for a Unix socket.</param>
/// <param name="Port">The TCP port; 0 for a Unix socket.</param>
public sealed record QmpEndpoint(string? UnixPath, string? Host, int Port)
{
    /// <summary>A Unix socket.</summary>
    public static QmpEndpoint Unix(string path) => new(path, null, 0);

    /// <summary>A TCP port.</summary>
    public static QmpEndpoint Tcp(string host, int port) => new(null, host, port);

    /// <summary>
    /// Reads what QEMU's options and ours take: <c>unix:PATH</c>, <c>tcp:HOST:PORT</c>, <c>HOST:PORT</c>, <c>:PORT</c>
    /// or a path.
    /// </summary>
    /// <returns>Null when it is none of these.</returns>
    public static QmpEndpoint? TryParse(string text)
    {
        if (text.StartsWith("unix:", StringComparison.Ordinal))
            return text.Length > 5 ? Unix(text[5..]) : null;

        if (text.StartsWith('/') || text.StartsWith("./", StringComparison.Ordinal))
            return Unix(text);

        string rest = text.StartsWith("tcp:", StringComparison.Ordinal) ? text[4..] : text;
        int colon = rest.LastIndexOf(':');
        if (
            colon < 0
            || !int.TryParse(rest[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int port)
            || port is < 1 or > 65535
        )
            return null;

        string host = rest[..colon].Trim('[', ']');
        return Tcp(host is "" or "0.0.0.0" or "::" or "*" ? "localhost" : host, port);
    }

    /// <inheritdoc/>
    public override string ToString() => UnixPath is not null ? $"unix:{UnixPath}" : $"{Host}:{Port}";
}
