using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Osprey.Rest.Connection;

/// <summary>Makes our exceptions of what sockets, HTTP and the guest report: what happened, and what to try.</summary>
/// <remarks>
/// Messages of .NET's own exceptions are never shown: they are written for programmers, and a trimmed build leaves them
/// out.
/// </remarks>
internal sealed class GuestRestErrors(string baseUrl, GuestRestOptions options, GuestTls tls)
{
    private const string ServerAdvice = "Is the module httpserver-api in the guest's image, and is the guest up";

    private readonly Uri _base = new(baseUrl);

    private bool Encrypted => _base.Scheme == Uri.UriSchemeHttps;

    private string Forwarded => $"is its port 8000 forwarded to here (QEMU: hostfwd=tcp::{_base.Port}-:8000)?";

    /// <summary>Makes the exception for a failure of the transport.</summary>
    /// <param name="failure">The exception that .NET threw.</param>
    /// <param name="request">The request that failed.</param>
    /// <param name="silence">The time limit of the request.</param>
    /// <param name="replyBegan">True when the reply's head had arrived.</param>
    /// <returns>Null when the caller cancelled, or the exception is not a failure of the transport.</returns>
    public GuestRestException? Explain(Exception failure, GuestRequest request, Silence silence, bool replyBegan)
    {
        if (failure is OperationCanceledException)
        {
            if (silence.EndedByCaller)
                return null;
            return failure.InnerException is TimeoutException && !replyBegan
                ? ConnectTimedOut(failure)
                : SilentTooLong(failure, request, silence.Limit, replyBegan);
        }

        SocketException? socket = Find<SocketException>(failure);
        if (failure is HttpRequestException http)
            return ExplainHttp(http, request, socket, replyBegan);
        return failure is IOException or SocketException ? Ended(failure, request, replyBegan) : null;
    }

    /// <summary>Makes the exception for a reply whose status is not 200.</summary>
    public static GuestRestException ExplainStatus(HttpStatusCode status, ReadOnlySpan<byte> body, GuestRequest request)
    {
        string text;
        try
        {
            text = GuestReplies.ReadError(body, request.ToString());
        }
        catch (GuestRestException)
        {
            return Foreign(status, body, request);
        }

        bool unknown =
            request.Tracepoint is { } name
            && ((status == HttpStatusCode.InternalServerError && text == name) || text == "Unknown tracepoint name");
        if (unknown)
            return new GuestRestException(
                GuestRestProblem.UnknownTracepoint,
                $"the guest has no tracepoint '{ReplyText.Printable(request.Tracepoint!)}'"
            )
            {
                Reason = GuestRestReason.NoSuchTracepoint,
            };
        if (status == HttpStatusCode.NotFound)
            return NotServed(request, text);

        string verb = (int)status < 500 ? "refused" : "failed at";
        return new GuestRestException(
            GuestRestProblem.GuestFailed,
            $"the guest {verb} {request}: {ReplyText.Printable(text)} (status {(int)status})"
        );
    }

    /// <summary>Makes the exception for a reply that is larger than its limit.</summary>
    public static GuestRestException TooLarge(GuestRequest request, long limit) =>
        new(
            GuestRestProblem.BadReply,
            $"the reply to {request} is larger than {limit} bytes",
            "Is it an OSv guest that answers there?"
        );

    private GuestRestException ExplainHttp(
        HttpRequestException failure,
        GuestRequest request,
        SocketException? socket,
        bool replyBegan
    )
    {
        switch (failure.HttpRequestError)
        {
            case HttpRequestError.NameResolutionError:
                return new GuestRestException(
                    GuestRestProblem.Unreachable,
                    $"no address is known for the host '{_base.Host}'",
                    "Is the name in the URL right?",
                    failure
                );
            case HttpRequestError.ConnectionError:
                return NotConnected(failure, socket);
            case HttpRequestError.SecureConnectionError:
                return NotSecure(failure, socket);
            case HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded:
                string advice = Encrypted
                    ? "Is it an OSv guest that answers there?"
                    : "Is it an OSv guest that answers there? If it expects TLS, use an https:// URL.";
                return new GuestRestException(
                    GuestRestProblem.BadReply,
                    $"the reply to {request} is not HTTP",
                    advice,
                    failure
                );
            default:
                return Find<AuthenticationException>(failure) is null
                    ? Ended(failure, request, replyBegan)
                    : NotSecure(failure, socket);
        }
    }

    private GuestRestException NotConnected(Exception failure, SocketException? socket)
    {
        (string why, string advice) = socket?.SocketErrorCode switch
        {
            SocketError.ConnectionRefused => (
                "connection refused: nothing listens there",
                $"{ServerAdvice}, and {Forwarded}"
            ),
            SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => (
                "no address is known for the host",
                "Is the name in the URL right?"
            ),
            SocketError.HostUnreachable or SocketError.NetworkUnreachable => (
                "no route to it",
                "Is the address right, and is the guest's network reachable from here?"
            ),
            SocketError.TimedOut => ("no answer", "Is the address right? A firewall or a paused guest looks the same."),
            _ => ("the connection failed", $"{ServerAdvice}, and {Forwarded}"),
        };
        return new GuestRestException(
            GuestRestProblem.Unreachable,
            $"cannot connect to {baseUrl}: {why}",
            advice,
            failure
        );
    }

    private GuestRestException NotSecure(Exception failure, SocketException? socket)
    {
        if (tls.Refused.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
        {
            string authority = options.CaCertificate is { } file
                ? $"the authority in {file}"
                : "an authority that this machine trusts";
            return Untrusted(
                $"its certificate ({tls.RefusedSubject}) is not signed by {authority}, or is out of date",
                null,
                GuestRestReason.UntrustedCertificate
            );
        }

        if (tls.Refused.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            return Untrusted(
                $"its certificate ({tls.RefusedSubject}) is not for the host '{_base.Host}'",
                null,
                GuestRestReason.CertificateOfOtherHost
            );

        string why = socket is null ? "the TLS handshake failed" : "it closed the connection during the TLS handshake";
        return Untrusted(
            why,
            "Does it speak TLS at all (else use an http:// URL)?",
            GuestRestReason.ClientCertificateNeeded
        );

        GuestRestException Untrusted(string finding, string? advice, GuestRestReason reason) =>
            new(GuestRestProblem.TlsFailed, $"no secure connection to {baseUrl}: {finding}", advice, failure)
            {
                Reason = reason,
            };
    }

    private GuestRestException Ended(Exception failure, GuestRequest request, bool replyBegan)
    {
        if (replyBegan)
            return new GuestRestException(
                GuestRestProblem.CutShort,
                $"the connection ended before the reply to {request} was complete",
                "Did the guest stop or crash? Look at its console, then try again.",
                failure
            );

        string advice =
            "QEMU takes connections to a forwarded port even when nothing listens in the guest. "
            + ServerAdvice
            + (Encrypted ? "?" : "? If it expects TLS, use an https:// URL.");
        return new GuestRestException(
            GuestRestProblem.Unreachable,
            $"{baseUrl} closed the connection without a reply to {request}",
            advice,
            failure
        )
        {
            Reason = Encrypted ? GuestRestReason.ClientCertificateNeeded : GuestRestReason.None,
        };
    }

    private GuestRestException ConnectTimedOut(Exception failure) =>
        new(
            GuestRestProblem.TimedOut,
            $"no connection to {baseUrl} within {Seconds(options.ConnectTimeout)}",
            "Is the address right? A firewall or a paused guest looks the same, "
                + "and so does a server that speaks no TLS at an https URL.",
            failure
        );

    private static GuestRestException SilentTooLong(
        Exception failure,
        GuestRequest request,
        TimeSpan limit,
        bool replyBegan
    ) =>
        new(
            GuestRestProblem.TimedOut,
            replyBegan
                ? $"the reply to {request} stopped midway: nothing came for {Seconds(limit)}"
                : $"no reply to {request} within {Seconds(limit)}",
            "Is the guest paused in a debugger, or has it crashed (its console tells)? "
                + "A slow guest needs a longer time-out.",
            failure
        );

    private static GuestRestException NotServed(GuestRequest request, string text)
    {
        string finding = $"the guest does not serve {request}: {ReplyText.Printable(text)} (status 404)";
        if (!request.Path.StartsWith("/trace/", StringComparison.Ordinal))
            return new GuestRestException(GuestRestProblem.NotServed, finding);

        string advice =
            request.Path == "/trace/buffers"
                ? "The dump is left out of kernels that are built with conf_hide_symbols=1, "
                    + "and needs room in the guest's /tmp. Otherwise: the"
                : "The";
        return new GuestRestException(
            GuestRestProblem.NotServed,
            finding,
            advice
                + " image needs the module httpserver-api (httpserver-monitoring-api serves no traces) "
                + "and a kernel with tracepoints compiled in."
        );
    }

    private static GuestRestException Foreign(HttpStatusCode status, ReadOnlySpan<byte> body, GuestRequest request)
    {
        string finding = $"{request} was answered with status {(int)status}";
        if (!body.IsEmpty)
            finding += $": {ReplyText.Printable(body)}";
        GuestRestProblem problem =
            status == HttpStatusCode.NotFound ? GuestRestProblem.NotServed : GuestRestProblem.BadReply;
        return new GuestRestException(
            problem,
            finding,
            "OSv's REST server words its errors in another way: is it an OSv guest that answers there?"
        );
    }

    private static string Seconds(TimeSpan time) => $"{time.TotalSeconds} s";

    private static T? Find<T>(Exception? exception)
        where T : Exception
    {
        while (exception is not null and not T)
            exception = exception.InnerException;
        return (T?)exception;
    }
}
