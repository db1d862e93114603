namespace Osprey.Dap.Protocol;

/// <summary>The kinds of things that a client sends.</summary>
internal enum DapInputKind
{
    /// <summary>A request.</summary>
    Request,

    /// <summary>Something that is no request; it is answered by an error.</summary>
    Malformed,

    /// <summary>The connection ended.</summary>
    Closed,
}
