using System.Buffers;
using System.Net;
using Osprey.Rest.Counters;
using Osprey.Rest.Dumps;
using Osprey.Rest.Tracepoints;

namespace Osprey.Rest.Connection;

/// <summary>Speaks to the REST server in an OSv guest: one method for each request that it serves.</summary>
/// <remarks>
/// The server is OSv's module httpserver-api. It answers in HTTP/1.0 and closes the connection after each reply.
/// Proxies of the environment are not used: a guest is near. Every failure is a <see cref="GuestRestException"/>;
/// the caller's own cancellation is an <see cref="OperationCanceledException"/>. Requests can run side by side.
/// </remarks>
public sealed class GuestRestClient : IDisposable
{
    private const int FirstBuffer = 4096;

    private readonly GuestRestOptions _options;
    private readonly GuestTls _tls;
    private readonly GuestRestErrors _errors;
    private readonly HttpClient _http;

    /// <summary>Makes a client. Nothing is sent.</summary>
    /// <exception cref="GuestRestException">The URL or a certificate file is unusable.</exception>
    public GuestRestClient(GuestRestOptions options)
    {
        _options = options;
        BaseUrl = GuestUrl.Parse(options.Url);
        _tls = new GuestTls(options, BaseUrl);
        _errors = new GuestRestErrors(BaseUrl, options, _tls);
        SocketsHttpHandler handler = new()
        {
            AllowAutoRedirect = false,
            ConnectTimeout = options.ConnectTimeout,

            // The guest closes each connection without a word about it in its headers: none can be used again.
            PooledConnectionLifetime = TimeSpan.Zero,
            SslOptions = _tls.CreateOptions(),
            UseCookies = false,
            UseProxy = false,
        };
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.ConnectionClose = true;
    }

    /// <summary>The server's address without a slash at its end.</summary>
    public string BaseUrl { get; }

    /// <summary>Bounds on the size of replies.</summary>
    public GuestRestLimits Limits => _options.Limits;

    /// <summary>Reads the state of tracepoints, in the guest's order.</summary>
    /// <param name="match">
    /// A regular expression in the guest's own semantics, which differ by version; null for all.
    /// </param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<IReadOnlyList<TraceEventInfo>> GetStatusAsync(
        string? match = null,
        CancellationToken cancellationToken = default
    )
    {
        GuestRequest request = new(
            HttpMethod.Get,
            "/trace/status",
            match is null ? "" : "?match=" + Uri.EscapeDataString(match)
        );
        return GuestReplies.ReadStatus(
            await FetchAsync(request, _options.Limits.MaxListReply, cancellationToken),
            request.ToString()
        );
    }

    /// <summary>Sets the state of tracepoints.</summary>
    /// <param name="match">
    /// A regular expression in the guest's own semantics, which differ by version; null for all.
    /// </param>
    /// <param name="enabled">Whether hits are recorded.</param>
    /// <param name="backtrace">Whether records have a backtrace. The guest knows no "as it is".</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>The state before, of each tracepoint that matched.</returns>
    public async Task<IReadOnlyList<TraceEventInfo>> SetStatusAsync(
        string? match,
        bool enabled,
        bool backtrace,
        CancellationToken cancellationToken = default
    )
    {
        string query = (match is null ? "?" : $"?match={Uri.EscapeDataString(match)}&") + State(enabled, backtrace);
        GuestRequest request = new(HttpMethod.Post, "/trace/status", query);
        return GuestReplies.ReadStatus(
            await FetchAsync(request, _options.Limits.MaxListReply, cancellationToken),
            request.ToString()
        );
    }

    /// <summary>Reads the state of one tracepoint: of the first, when several share the id.</summary>
    public async Task<TraceEventInfo> GetEventAsync(string id, CancellationToken cancellationToken = default)
    {
        GuestRequest request = Named(HttpMethod.Get, "/trace/event/", id, "");
        return GuestReplies.ReadEvent(
            await FetchAsync(request, _options.Limits.MaxReply, cancellationToken),
            request.ToString()
        );
    }

    /// <summary>Sets the state of one tracepoint: only of the first, when several share the id.</summary>
    /// <returns>The state before.</returns>
    public async Task<TraceEventInfo> SetEventAsync(
        string id,
        bool enabled,
        bool backtrace,
        CancellationToken cancellationToken = default
    )
    {
        GuestRequest request = Named(HttpMethod.Post, "/trace/event/", id, "?" + State(enabled, backtrace));
        return GuestReplies.ReadEvent(
            await FetchAsync(request, _options.Limits.MaxReply, cancellationToken),
            request.ToString()
        );
    }

    /// <summary>Reads all counters that are running.</summary>
    public async Task<TraceCounts> GetCountsAsync(CancellationToken cancellationToken = default)
    {
        GuestRequest request = new(HttpMethod.Get, "/trace/count");
        return GuestReplies.ReadCounts(
            await FetchAsync(request, _options.Limits.MaxListReply, cancellationToken),
            request.ToString()
        );
    }

    /// <summary>
    /// Starts counting all tracepoints of a name, from 0 even if they were counted already; or stops it.
    /// </summary>
    public async Task SetCountAsync(string id, bool enabled, CancellationToken cancellationToken = default)
    {
        GuestRequest request = Named(HttpMethod.Post, "/trace/count/", id, "?enabled=" + Word(enabled));
        GuestReplies.ReadString(
            await FetchAsync(request, _options.Limits.MaxReply, cancellationToken),
            request.ToString()
        );
    }

    /// <summary>Stops all counters.</summary>
    public async Task DeleteCountsAsync(CancellationToken cancellationToken = default)
    {
        GuestRequest request = new(HttpMethod.Delete, "/trace/count");
        GuestReplies.ReadString(
            await FetchAsync(request, _options.Limits.MaxReply, cancellationToken),
            request.ToString()
        );
    }

    /// <summary>Starts the sampler anew, or stops it.</summary>
    /// <param name="frequency">
    /// Samples a second on each CPU; 0 stops. The guest takes negative values and should not be sent any.
    /// </param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>What the guest says it did.</returns>
    public async Task<string> SetSamplerAsync(int frequency, CancellationToken cancellationToken = default)
    {
        GuestRequest request = new(HttpMethod.Post, "/trace/sampler", $"?freq={frequency}");
        return GuestReplies.ReadString(
            await FetchAsync(request, _options.Limits.MaxReply, cancellationToken),
            request.ToString()
        );
    }

    /// <summary>Reads OSv's version.</summary>
    public async Task<string> GetOsVersionAsync(CancellationToken cancellationToken = default)
    {
        GuestRequest request = new(HttpMethod.Get, "/os/version");
        return GuestReplies.ReadString(
            await FetchAsync(request, _options.Limits.MaxReply, cancellationToken),
            request.ToString()
        );
    }

    /// <summary>Reads the number of CPUs.</summary>
    public async Task<long> GetProcessorCountAsync(CancellationToken cancellationToken = default)
    {
        GuestRequest request = new(HttpMethod.Get, "/hardware/processor/count");
        return GuestReplies.ReadInt64(
            await FetchAsync(request, _options.Limits.MaxReply, cancellationToken),
            request.ToString()
        );
    }

    /// <summary>Asks for a dump of the trace buffers and waits until it begins.</summary>
    public async Task<GuestDump> OpenDumpAsync(CancellationToken cancellationToken = default)
    {
        GuestRequest request = new(HttpMethod.Get, "/trace/buffers");
        Silence silence = new(_options.DumpTimeout, cancellationToken);
        HttpResponseMessage? reply = null;
        try
        {
            reply = await SendAsync(request, silence);
            Stream body = await reply.Content.ReadAsStreamAsync(silence.Token);
            return new GuestDump(
                reply,
                body,
                silence,
                _options.ReadTimeout,
                e => _errors.Explain(e, request, silence, replyBegan: true)
            );
        }
        catch
        {
            reply?.Dispose();
            silence.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _http.Dispose();
        _tls.Dispose();
    }

    private static string Word(bool value) => value ? "true" : "false";

    private static string State(bool enabled, bool backtrace) => $"enabled={Word(enabled)}&backtrace={Word(backtrace)}";

    private static GuestRequest Named(HttpMethod method, string path, string id, string query)
    {
        // The guest refuses any path with two dots in it, and a URL loses them before it gets there.
        if (id.Length == 0 || id == "." || id.Contains("..", StringComparison.Ordinal))
            throw new GuestRestException(
                GuestRestProblem.UnknownTracepoint,
                $"'{GuestText.Printable(id)}' cannot be a tracepoint's name"
            );
        return new GuestRequest(method, path + Uri.EscapeDataString(id), query) { Tracepoint = id };
    }

    private async Task<byte[]> FetchAsync(GuestRequest request, int limit, CancellationToken cancellationToken)
    {
        using Silence silence = new(_options.ConnectTimeout + _options.ReadTimeout, cancellationToken);
        using HttpResponseMessage reply = await SendAsync(request, silence);
        return await ReadBodyAsync(reply, request, limit, silence);
    }

    /// <summary>Sends a request and waits for the reply's head, which says 200.</summary>
    private async Task<HttpResponseMessage> SendAsync(GuestRequest request, Silence silence)
    {
        // A request without a body is sent again, silently, when the connection closes before the reply; one whose body
        // has been sent is not, be it empty. Nothing here may be done twice: a second dump or a counter that starts
        // anew.
        using HttpRequestMessage message = new(request.Method, BaseUrl + request.Path + request.Query)
        {
            Content = new ByteArrayContent([]),
        };
        HttpResponseMessage reply;
        try
        {
            reply = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, silence.Token);
        }
        catch (Exception e) when (_errors.Explain(e, request, silence, replyBegan: false) is { } explained)
        {
            throw explained;
        }

        if (reply.StatusCode == HttpStatusCode.OK)
            return reply;

        using (reply)
        {
            byte[] error = await ReadBodyAsync(reply, request, _options.Limits.MaxReply, silence);
            throw GuestRestErrors.ExplainStatus(reply.StatusCode, error, request);
        }
    }

    private async Task<byte[]> ReadBodyAsync(
        HttpResponseMessage reply,
        GuestRequest request,
        int limit,
        Silence silence
    )
    {
        if (reply.Content.Headers.ContentLength > limit)
            throw GuestRestErrors.TooLarge(request, limit);

        ArrayBufferWriter<byte> body = new(FirstBuffer);
        try
        {
            using Stream stream = await reply.Content.ReadAsStreamAsync(silence.Token);
            while (true)
            {
                silence.Restart(_options.ReadTimeout);
                int count = await stream.ReadAsync(body.GetMemory(FirstBuffer), silence.Token);
                if (count == 0)
                    return body.WrittenSpan.ToArray();

                body.Advance(count);
                if (body.WrittenCount > limit)
                    throw GuestRestErrors.TooLarge(request, limit);
            }
        }
        catch (Exception e) when (_errors.Explain(e, request, silence, replyBegan: true) is { } explained)
        {
            throw explained;
        }
    }
}
