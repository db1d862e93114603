namespace Osprey.Rest.Connection;

/// <summary>Where a guest's REST server is and how to speak to it.</summary>
public sealed record GuestRestOptions
{
    /// <summary>Where a guest is when its port 8000 is forwarded to this machine.</summary>
    public const string DefaultUrl = "http://localhost:8000/";

    /// <summary>
    /// The server's address. https in it means TLS; <c>host</c> and <c>host:port</c> mean http, port 8000 unless given.
    /// </summary>
    public string Url { get; init; } = DefaultUrl;

    /// <summary>
    /// PEM file of the certificate (chain) that tells the guest who we are; null for none. Needs an https URL.
    /// </summary>
    public string? ClientCertificate { get; init; }

    /// <summary>PEM file of the client certificate's key; null when it is in the certificate's file.</summary>
    public string? ClientKey { get; init; }

    /// <summary>
    /// PEM file of the only authorities to trust, or of the server's self-signed certificate; null for the system's.
    /// </summary>
    public string? CaCertificate { get; init; }

    /// <summary>Takes any server certificate, whoever signed it for whatever name. Has no meaning for http.</summary>
    public bool NoVerify { get; init; }

    /// <summary>Longest wait for a connection, TLS handshake included.</summary>
    public TimeSpan ConnectTimeout
    {
        get;
        init => field = RequirePositive(value);
    } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Longest silence of the guest: until a reply begins, and between any two parts of it. Never a limit on the whole.
    /// </summary>
    public TimeSpan ReadTimeout
    {
        get;
        init => field = RequirePositive(value);
    } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Longest silence before a dump begins: the guest writes all of it to a file first, which takes an emulated one
    /// minutes.
    /// </summary>
    public TimeSpan DumpTimeout
    {
        get;
        init => field = RequirePositive(value);
    } = TimeSpan.FromMinutes(5);

    /// <summary>Bounds on the size of replies.</summary>
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
