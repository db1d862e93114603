using System.Net;
using System.Text;

namespace Osprey.Tests.Builders.Rest;

/// <summary>A request, parsed as by OSv's server.</summary>
internal sealed record FakeRestRequest(string Method, string Path, string Query, string Body, string Head)
{
    /// <summary>The line that tests compare: method and URL, with escapes as they came.</summary>
    public string Line => $"{Method} {Path}{(Query.Length == 0 ? "" : "?" + Query)}";

    public static FakeRestRequest Parse(byte[] head, byte[] body)
    {
        string text = Encoding.Latin1.GetString(head);
        string[] line = text.Split("\r\n")[0].Split(' ');
        string[] target = line[1].Split('?', 2);
        return new FakeRestRequest(
            line[0],
            target[0],
            target.Length > 1 ? target[1] : "",
            Encoding.Latin1.GetString(body),
            text
        );
    }

    /// <summary>
    /// Returns a parameter's value: from the form in the body, else from the query, as OSv does; empty when there is
    /// none.
    /// </summary>
    public string Parameter(string name)
    {
        bool form = Head.Contains(
            "\r\nContent-Type: application/x-www-form-urlencoded\r\n",
            StringComparison.OrdinalIgnoreCase
        );
        string[] pairs = [.. (form ? Body : "").Split('&'), .. Query.Split('&')];
        string? pair = pairs.FirstOrDefault(pair => pair.StartsWith(name + "=", StringComparison.Ordinal));
        return pair is null ? "" : WebUtility.UrlDecode(pair[(name.Length + 1)..]);
    }
}
