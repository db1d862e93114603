using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Osprey.Cli.Commands.Rest;
using Osprey.Rest.Connection;
using Osprey.Tests.Builders.Rest;

namespace Osprey.Tests.Rest;

public sealed class GuestRestTlsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("osprey-tls-");
    private readonly X509Certificate2 _localhost = SelfSigned("localhost");

    public void Dispose()
    {
        _localhost.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task SelfSigned_WithoutMore_IsRefusedAndExplained()
    {
        using FakeRestServer server = new(_localhost);

        await FailsAsync(
            new GuestRestOptions { Url = server.Url },
            $"no secure connection to https://localhost:{server.Port}: its certificate (CN=localhost) is not "
                + "signed by an authority that this machine trusts, or is out of date",
            "Give the authority's certificate, or a self-signed one itself, with --cacert; or take any "
                + "certificate with --no-verify."
        );
        Assert.Empty(server.Log);
    }

    [Fact]
    public async Task SelfSigned_WithNoVerify_IsTaken()
    {
        using FakeRestServer server = new(_localhost);

        await WorksAsync(new GuestRestOptions { Url = server.Url, NoVerify = true });
    }

    [Fact]
    public async Task SelfSigned_AsItsOwnAuthority_IsTaken()
    {
        using FakeRestServer server = new(_localhost);

        await WorksAsync(
            new GuestRestOptions { Url = server.Url, CaCertificate = Pem("ca.pem", _localhost.ExportCertificatePem()) }
        );
    }

    [Fact]
    public async Task OtherAuthority_IsRefusedAndNamed()
    {
        using X509Certificate2 other = SelfSigned("other");
        using FakeRestServer server = new(_localhost);
        string authority = Pem("ca.pem", other.ExportCertificatePem());

        await FailsAsync(
            new GuestRestOptions { Url = server.Url, CaCertificate = authority },
            $"no secure connection to https://localhost:{server.Port}: its certificate (CN=localhost) is not "
                + $"signed by the authority in {authority}, or is out of date",
            "Give the authority's certificate, or a self-signed one itself, with --cacert; or take any "
                + "certificate with --no-verify."
        );
    }

    [Fact]
    public async Task OtherHostsCertificate_IsRefusedAndExplained()
    {
        using X509Certificate2 osv = SelfSigned("osv");
        using FakeRestServer server = new(osv);

        await FailsAsync(
            new GuestRestOptions { Url = server.Url, CaCertificate = Pem("ca.pem", osv.ExportCertificatePem()) },
            $"no secure connection to https://localhost:{server.Port}: its certificate (CN=osv) is not for the "
                + "host 'localhost'",
            "Use the name that the certificate is for in the URL, or take any certificate with --no-verify."
        );
    }

    [Fact]
    public async Task ClientCertificate_IsShown()
    {
        using X509Certificate2 me = SelfSigned("me");
        using FakeRestServer server = new(_localhost, client: me);
        string certificate = Pem("me.pem", me.ExportCertificatePem());
        string key = Pem("me.key", me.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        string both = Pem("both.pem", File.ReadAllText(certificate) + "\n" + File.ReadAllText(key));

        await WorksAsync(
            new GuestRestOptions
            {
                Url = server.Url,
                NoVerify = true,
                ClientCertificate = certificate,
                ClientKey = key,
            }
        );
        await WorksAsync(
            new GuestRestOptions
            {
                Url = server.Url,
                NoVerify = true,
                ClientCertificate = both,
            }
        );
    }

    [Fact]
    public async Task ClientCertificate_AskedForAndNotGiven_IsExplained()
    {
        using X509Certificate2 me = SelfSigned("me");
        using FakeRestServer server = new(_localhost, client: me);
        using GuestRestClient client = new(new GuestRestOptions { Url = server.Url, NoVerify = true });

        GuestRestException error = await Assert.ThrowsAsync<GuestRestException>(() => client.GetOsVersionAsync());

        // The version of TLS decides whether it fails in the handshake or after it. The advice is the same.
        Assert.Equal(GuestRestReason.ClientCertificateNeeded, error.Reason);
        Assert.EndsWith(
            "Does it ask for a client certificate (--cert and --key)?",
            RestAdvice.Of(error),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task PlainServer_AtAnHttpsUrl_IsExplained()
    {
        using System.Net.Sockets.TcpListener plain = new(IPAddress.Loopback, 0);
        plain.Start();
        Task answer = AnswerPlainlyAsync(plain);
        int port = ((IPEndPoint)plain.LocalEndpoint).Port;

        await FailsAsync(
            new GuestRestOptions { Url = $"https://localhost:{port}" },
            $"no secure connection to https://localhost:{port}: the TLS handshake failed",
            "Does it speak TLS at all (else use an http:// URL)? "
                + "Does it ask for a client certificate (--cert and --key)?"
        );
        await answer;
    }

    [Fact]
    public async Task TlsServer_AtAnHttpUrl_IsExplained()
    {
        using FakeRestServer server = new(_localhost);
        using GuestRestClient client = new(new GuestRestOptions { Url = $"http://localhost:{server.Port}" });

        GuestRestException error = await Assert.ThrowsAsync<GuestRestException>(() => client.GetOsVersionAsync());

        // The server may send an alert, or just close the connection.
        Assert.EndsWith("If it expects TLS, use an https:// URL.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_ThatContradict_AreRefused()
    {
        string certificate = Pem("me.pem", _localhost.ExportCertificatePem());
        string text = Pem("text.pem", "no certificate");
        string broken = Pem("broken.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        string missing = Path.Combine(_folder.FullName, "missing.pem");
        const string pem = "\nIt must be PEM: '-----BEGIN CERTIFICATE-----'.";

        Refused(
            new() { CaCertificate = certificate },
            "certificates mean nothing to http://localhost:8000: it is not encrypted\n"
                + "Use an https:// URL, or leave --cert, --key and --cacert out."
        );
        Refused(
            new() { Url = "https://guest", ClientKey = certificate },
            "a client key was given without its certificate\nAdd the certificate with --cert."
        );
        Refused(
            new() { Url = "https://guest", CaCertificate = missing },
            $"cannot read {missing}: there is no such file"
        );
        Refused(
            new() { Url = "https://guest", CaCertificate = text },
            $"{text} holds no certificate that can be read{pem}"
        );
        Refused(
            new() { Url = "https://guest", CaCertificate = broken },
            $"{broken} holds no certificate that can be read{pem}"
        );
        Refused(
            new()
            {
                Url = "https://guest",
                ClientCertificate = certificate,
                ClientKey = missing,
            },
            $"cannot read {missing}: there is no such file"
        );
        Refused(
            new() { Url = "https://guest", ClientCertificate = certificate },
            $"{certificate} does not hold a client certificate and its key\n"
                + "Both must be PEM, belong together, and the key must have no password."
        );
        Refused(
            new()
            {
                Url = "https://guest",
                ClientCertificate = certificate,
                ClientKey = text,
            },
            $"{certificate} and {text} are not a client certificate and its key\n"
                + "Both must be PEM, belong together, and the key must have no password."
        );
    }

    private static void Refused(GuestRestOptions options, string message) =>
        Assert.Equal(message, Shown(Assert.Throws<GuestRestException>(() => new GuestRestClient(options))));

    /// <summary>The finding and the advice, as the program prints them.</summary>
    private static string Shown(GuestRestException error) =>
        RestAdvice.Of(error) is { } advice ? $"{error.Finding}\n{advice}" : error.Finding;

    private static async Task WorksAsync(GuestRestOptions options)
    {
        using GuestRestClient client = new(options);

        Assert.Equal("v0.57.0-398-g0e34e4dc", await client.GetOsVersionAsync());
    }

    private static async Task FailsAsync(GuestRestOptions options, string finding, string advice)
    {
        using GuestRestClient client = new(options);
        GuestRestException error = await Assert.ThrowsAsync<GuestRestException>(() => client.GetOsVersionAsync());

        Assert.Equal($"{finding}\n{advice}", Shown(error));
        Assert.Equal(GuestRestProblem.TlsFailed, error.Problem);
    }

    private static async Task AnswerPlainlyAsync(System.Net.Sockets.TcpListener listener)
    {
        using System.Net.Sockets.TcpClient connection = await listener.AcceptTcpClientAsync();
        System.Net.Sockets.NetworkStream stream = connection.GetStream();
        await stream.ReadAtLeastAsync(new byte[64], 1);
        await stream.WriteAsync("HTTP/1.0 400 Bad Request\r\n\r\n"u8.ToArray());
        await stream.CopyToAsync(Stream.Null);
    }

    private static X509Certificate2 SelfSigned(string name)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private string Pem(string name, string text)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
