namespace Osprey.Rest.Connection;

/// <summary>What kind of thing went wrong between us and a guest's REST server.</summary>
public enum GuestRestProblem
{
    /// <summary>What the user asked for cannot be meant: a bad URL, pattern, frequency, certificate file.</summary>
    BadRequest,

    /// <summary>No connection: name not found, nothing listening, closed before a reply.</summary>
    Unreachable,

    /// <summary>The guest was silent for longer than the time-out.</summary>
    TimedOut,

    /// <summary>The TLS handshake failed or the server's certificate is not trusted.</summary>
    TlsFailed,

    /// <summary>The server answers, but does not serve this path.</summary>
    NotServed,

    /// <summary>The guest has no tracepoint of that name.</summary>
    UnknownTracepoint,

    /// <summary>The guest refused or failed: any other error reply.</summary>
    GuestFailed,

    /// <summary>The reply is not what OSv sends: not HTTP, not JSON, wrong types, not a dump, too large.</summary>
    BadReply,

    /// <summary>The connection ended, or the dump did, before all of it had come.</summary>
    CutShort,

    /// <summary>The guest took the request but is not in the state that was asked for.</summary>
    NotApplied,

    /// <summary>A file on this machine cannot be read or written.</summary>
    LocalFile,
}
