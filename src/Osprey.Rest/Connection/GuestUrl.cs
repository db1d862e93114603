namespace Osprey.Rest.Connection;

/// <summary>Parses the address of a REST server as users write it.</summary>
internal static class GuestUrl
{
    private const int OsvPort = 8000;

    /// <summary>Parses an address. The result has no slash at its end, so that a path can be appended.</summary>
    /// <exception cref="GuestRestException">
    /// It is not an http or https URL, or has a part that a base address cannot have.
    /// </exception>
    public static string Parse(string text)
    {
        bool hasScheme = text.Contains("://", StringComparison.Ordinal);
        string whole = hasScheme ? text : "http://" + text;
        if (!Uri.TryCreate(whole, UriKind.Absolute, out Uri? uri) || uri.Host.Length == 0)
            throw Bad(text, "is not a URL");
        if (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps)
            throw Bad(text, $"is a URL of {uri.Scheme}");
        if (uri.UserInfo.Length > 0)
            throw Bad(text, "has a user name, and OSv's REST server knows no users");
        if (uri.Query.Length > 0 || uri.Fragment.Length > 0)
            throw Bad(text, "has a query or a fragment");

        UriBuilder address = new(uri);
        if (!hasScheme && !HasPort(text))
            address.Port = OsvPort;

        string path = address.Uri.AbsolutePath;
        return address.Uri.GetLeftPart(UriPartial.Authority) + (path.EndsWith('/') ? path[..^1] : path);
    }

    private static bool HasPort(string text)
    {
        string authority = text.Split('/')[0];
        return authority.LastIndexOf(':') > authority.LastIndexOf(']');
    }

    private static GuestRestException Bad(string text, string why) =>
        new(
            GuestRestProblem.BadRequest,
            $"'{ReplyText.Printable(text)}' {why}",
            $"Give the REST server's address, such as {GuestRestOptions.DefaultUrl}"
        );
}
