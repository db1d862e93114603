namespace Osprey.Rest.Connection;

/// <summary>One HTTP request.</summary>
/// <param name="Method">The method: GET, POST or DELETE.</param>
/// <param name="Path">The path after the base address, escaped.</param>
/// <param name="Query">The query with its question mark, escaped; empty for none.</param>
internal readonly record struct GuestRequest(HttpMethod Method, string Path, string Query = "")
{
    /// <summary>
    /// The tracepoint in the path; null for requests without one. When it does not exist, the guest answers with
    /// status 500 and this name as the text.
    /// </summary>
    public string? Tracepoint { get; init; }

    /// <summary>The method and the path, as messages show them: <c>GET /trace/status</c>.</summary>
    public override string ToString() => $"{Method.Method} {Path}";
}
