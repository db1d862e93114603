using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Osprey.Rest.Connection;

/// <summary>
/// The TLS settings of a client: trusted servers, the client's certificate, and why a handshake failed.
/// </summary>
internal sealed class GuestTls : IDisposable
{
    private readonly bool _noVerify;
    private readonly bool _hasAuthority;
    private readonly X509Certificate2Collection _authorities = [];
    private readonly X509Certificate2Collection _clientChain = [];
    private readonly X509Certificate2? _client;

    /// <summary>Loads the certificates that the options name.</summary>
    /// <exception cref="GuestRestException">
    /// A certificate file cannot be read, or the options do not fit the URL.
    /// </exception>
    public GuestTls(GuestRestOptions options, string baseUrl)
    {
        bool https = baseUrl.StartsWith("https:", StringComparison.Ordinal);
        if (!https && (options.ClientCertificate ?? options.ClientKey ?? options.CaCertificate) is not null)
            throw new GuestRestException(
                GuestRestProblem.BadRequest,
                $"certificates mean nothing to {baseUrl}: it is not encrypted"
            )
            {
                Reason = GuestRestReason.CertificateWithoutTls,
            };
        if (options.ClientKey is not null && options.ClientCertificate is null)
            throw new GuestRestException(GuestRestProblem.BadRequest, "a client key was given without its certificate")
            {
                Reason = GuestRestReason.KeyWithoutCertificate,
            };

        _noVerify = options.NoVerify;
        if (options.CaCertificate is { } authority)
        {
            _hasAuthority = true;
            Load(authority, () => _authorities.ImportFromPemFile(authority));
            if (_authorities.Count == 0)
                throw Unusable(authority, null);
        }

        if (options.ClientCertificate is { } client)
        {
            Load(client, () => _clientChain.ImportFromPemFile(client));
            Load(options.ClientKey ?? client, () => File.OpenRead(options.ClientKey ?? client).Dispose());
            _client = LoadClient(client, options.ClientKey);
        }
    }

    /// <summary>The errors in the server's certificate when it was refused; none otherwise.</summary>
    public SslPolicyErrors Refused { get; private set; }

    /// <summary>The subject of the refused certificate, for messages; empty when none was refused.</summary>
    public string RefusedSubject { get; private set; } = "";

    public SslClientAuthenticationOptions CreateOptions()
    {
        SslClientAuthenticationOptions options = new()
        {
            RemoteCertificateValidationCallback = (_, certificate, _, errors) => Accept(certificate, errors),
        };
        if (_hasAuthority)
        {
            options.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                DisableCertificateDownloads = true,
            };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(_authorities);
        }

        // .NET always sends a context. It sends a plain certificate only if the server names its issuer as an
        // authority.
        if (_client is not null)
            options.ClientCertificateContext = SslStreamCertificateContext.Create(_client, _clientChain, offline: true);
        return options;
    }

    public void Dispose()
    {
        _client?.Dispose();
        foreach (X509Certificate2 certificate in _authorities.Concat(_clientChain))
            certificate.Dispose();
    }

    private bool Accept(X509Certificate? certificate, SslPolicyErrors errors)
    {
        if (_noVerify || errors == SslPolicyErrors.None)
            return true;

        Refused = errors;
        RefusedSubject = ReplyText.Printable(certificate?.Subject ?? "");
        return false;
    }

    private static X509Certificate2 LoadClient(string certificate, string? key)
    {
        try
        {
            return X509Certificate2.CreateFromPemFile(certificate, key);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new GuestRestException(
                GuestRestProblem.BadRequest,
                key is null
                    ? $"{certificate} does not hold a client certificate and its key"
                    : $"{certificate} and {key} are not a client certificate and its key",
                "Both must be PEM, belong together, and the key must have no password.",
                e
            );
        }
    }

    private static void Load(string path, Action load)
    {
        try
        {
            load();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            string why = e is FileNotFoundException or DirectoryNotFoundException
                ? "there is no such file"
                : "it cannot be opened";
            throw new GuestRestException(GuestRestProblem.LocalFile, $"cannot read {path}: {why}", inner: e);
        }
        catch (CryptographicException e)
        {
            throw Unusable(path, e);
        }
    }

    private static GuestRestException Unusable(string path, Exception? inner) =>
        new(
            GuestRestProblem.BadRequest,
            $"{path} holds no certificate that can be read",
            "It must be PEM: '-----BEGIN CERTIFICATE-----'.",
            inner
        );
}
