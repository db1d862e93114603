namespace Osprey.Rest.Connection;

/// <summary>The kinds of failures of a request to a guest's REST server.</summary>
public enum GuestRestProblem
{
    /// <summary>The caller gave something unusable: a bad URL, pattern, frequency or certificate file.</summary>
    BadRequest,

    /// <summary>There was no connection: the name is unknown, nothing listens, or it closed before a reply.</summary>
    Unreachable,

    /// <summary>No byte came from the guest for longer than the time limit.</summary>
    TimedOut,

    /// <summary>The TLS handshake failed, or the server's certificate is not trusted.</summary>
    TlsFailed,

    /// <summary>The server answered that it does not serve this path.</summary>
    NotServed,

    /// <summary>The guest has no tracepoint of that name.</summary>
    UnknownTracepoint,

    /// <summary>The guest sent any other error reply: it refused or failed.</summary>
    GuestFailed,

    /// <summary>The reply is not what OSv sends: not HTTP, not JSON, wrong types, not a dump, too large.</summary>
    BadReply,

    /// <summary>The connection or the dump ended before all of it had arrived.</summary>
    CutShort,

    /// <summary>The guest accepted the request, but is not in the requested state.</summary>
    NotApplied,

    /// <summary>A file on this machine cannot be read or written.</summary>
    LocalFile,
}
