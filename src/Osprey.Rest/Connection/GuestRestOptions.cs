namespace Osprey.Rest.Connection;

/// <summary>The address of a guest's REST server, and how to connect to it.</summary>
public sealed record GuestRestOptions
{
    /// <summary>The address of a guest whose port 8000 is forwarded to this machine.</summary>
    public const string DefaultUrl = "http://localhost:8000/";

    /// <summary>
    /// The server's address: an http or https URL, or <c>host</c> or <c>host:port</c> for http. The port is 8000 when
    /// neither a scheme nor a port is given.
    /// </summary>
    public string Url { get; init; } = DefaultUrl;

    /// <summary>
    /// The PEM file with the client's certificate, and its chain if there is one; null for none. Needs an https URL.
    /// </summary>
    public string? ClientCertificate { get; init; }

    /// <summary>
    /// The PEM file with the key of the client's certificate; null when the certificate's file has it too.
    /// </summary>
    public string? ClientKey { get; init; }

    /// <summary>
    /// The PEM file with the only authorities to trust, or with the server's self-signed certificate; null to trust the
    /// authorities that this machine trusts.
    /// </summary>
    public string? CaCertificate { get; init; }

    /// <summary>
    /// True to accept any certificate of the server, for any name, signed by anyone. Has no effect on http.
    /// </summary>
    public bool NoVerify { get; init; }

    /// <summary>The longest wait for a connection, with its TLS handshake.</summary>
    public TimeSpan ConnectTimeout
    {
        get;
        init => field = RequirePositive(value);
    } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The longest time in which no byte arrives, before a reply begins and within it. The whole reply may take longer.
    /// </summary>
    public TimeSpan ReadTimeout
    {
        get;
        init => field = RequirePositive(value);
    } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The longest wait for a dump to begin. The guest writes the whole dump to a file first, which takes minutes in an
    /// emulator without KVM.
    /// </summary>
    public TimeSpan DumpTimeout
    {
        get;
        init => field = RequirePositive(value);
    } = TimeSpan.FromMinutes(5);

    /// <summary>The limits on the size of replies.</summary>
    public GuestRestLimits Limits { get; init; } = GuestRestLimits.Default;

    private static TimeSpan RequirePositive(TimeSpan value) =>
        value > TimeSpan.Zero && value.TotalMilliseconds <= int.MaxValue
            ? value
            : throw new GuestRestException(
                GuestRestProblem.BadRequest,
                $"a time-out of {value.TotalSeconds} s is not possible",
                "It must be more than 0 and less than 24 days."
            );
}
