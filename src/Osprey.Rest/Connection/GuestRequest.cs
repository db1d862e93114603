namespace Osprey.Rest.Connection;

/// <summary>One request: what goes over the wire, and how messages call it.</summary>
/// <param name="Method">GET, POST or DELETE.</param>
/// <param name="Path">Path behind the base address, escaped.</param>
/// <param name="Query">Query with its question mark, escaped; empty for none.</param>
internal readonly record struct GuestRequest(HttpMethod Method, string Path, string Query = "")
{
    /// <summary>
    /// What a 500 carries as its text when the tracepoint in the path does not exist; null for other requests.
    /// </summary>
    public string? Tracepoint { get; init; }

    /// <summary>Method and path: <c>GET /trace/status</c>.</summary>
    public override string ToString() => $"{Method.Method} {Path}";
}
