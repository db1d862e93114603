using System.Buffers;
using System.Net;
using Osprey.Rest.Counters;
using Osprey.Rest.Dumps;
using Osprey.Rest.Tracepoints;

namespace Osprey.Rest.Connection;

/// <summary>Sends requests to the REST server in an OSv guest: one method for each request that it serves.</summary>
/// <remarks>
/// <para>
/// The server is OSv's module httpserver-api. It answers in HTTP/1.0 and closes the connection after each reply, so
/// each request opens a connection of its own, and several requests may run at the same time. Proxy settings of the
/// environment are ignored, because the guest runs on this machine or near it.
/// </para>
/// <para>
/// <b>No request is sent twice.</b> Requests change the guest: a repeated one would start a counter anew, or make the
/// guest write a second dump. .NET's handler repeats a request without a body when the connection closes before the
/// reply; a guest that crashes closes it in just that way. It does not repeat a request whose body it has begun to
/// send, even if the body has no bytes. So every request here carries an empty body. Whoever calls decides whether to
/// try again, since only they know if the first try may have had an effect.
/// </para>
/// <para>
/// <b>Time limits are on silence.</b> A dump may take minutes, so the whole reply has no time limit.
/// <see cref="Silence"/> restarts its clock when the connection is there and whenever bytes arrive
/// (<see cref="HeardStream"/>), and it is set longer before a dump begins, while the guest writes its buffers to a
/// file. Replies are also limited in size (<see cref="GuestRestLimits"/>): the guest may
/// be broken, or not a guest at all.
/// </para>
/// <para>
/// Every failure is a <see cref="GuestRestException"/>, except that a cancellation by the caller is an
/// <see cref="OperationCanceledException"/>. <see cref="GuestRestErrors"/> makes our messages of what sockets and HTTP
/// throw.
/// </para>
/// </remarks>
public sealed class GuestRestClient : IDisposable
{
    private const int FirstBuffer = 4096;
    private static readonly HttpRequestOptionsKey<Silence> s_silence = new("silence");

    private readonly GuestRestOptions _options;
    private readonly GuestTls _tls;
    private readonly GuestRestErrors _errors;
    private readonly HttpClient _http;

    /// <summary>Makes a client. Sends nothing.</summary>
    /// <param name="options">The guest's address, certificates and limits.</param>
    /// <exception cref="GuestRestException">The URL or a certificate file cannot be used.</exception>
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
            ConnectCallback = (context, cancellationToken) =>
                HeardStream.ConnectAsync(
                    context.DnsEndPoint,
                    context.InitialRequestMessage.Options.TryGetValue(s_silence, out Silence? silence) ? silence : null,
                    BaseUrl.StartsWith(Uri.UriSchemeHttps + ":", StringComparison.OrdinalIgnoreCase),
                    cancellationToken
                ),

            // The guest closes each connection and does not say so in its headers: none can be used again.
            PooledConnectionLifetime = TimeSpan.Zero,
            SslOptions = _tls.CreateOptions(),
            UseCookies = false,
            UseProxy = false,
        };
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.ConnectionClose = true;
    }

    /// <summary>The server's address, without a slash at its end.</summary>
    public string BaseUrl { get; }

    /// <summary>The limits on the size of replies.</summary>
    public GuestRestLimits Limits => _options.Limits;

    /// <summary>Reads the state of tracepoints, in the guest's order.</summary>
    /// <param name="match">
    /// A regular expression; null for all tracepoints. Guests of different versions read it differently.
    /// </param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>One item for each tracepoint that matches; several may share a name.</returns>
    /// <exception cref="GuestRestException">The request failed.</exception>
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
    /// A regular expression; null for all tracepoints. Guests of different versions read it differently.
    /// </param>
    /// <param name="enabled">True to record hits.</param>
    /// <param name="backtrace">
    /// True to record a backtrace with each hit. The guest always sets both flags; it cannot leave one unchanged.
    /// </param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>The previous state of each tracepoint that matched.</returns>
    /// <exception cref="GuestRestException">The request failed.</exception>
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

    /// <summary>Reads the state of one tracepoint: of the first one, if several share the id.</summary>
    /// <exception cref="GuestRestException">The guest has no such tracepoint, or the request failed.</exception>
    public async Task<TraceEventInfo> GetEventAsync(string id, CancellationToken cancellationToken = default)
    {
        GuestRequest request = Named(HttpMethod.Get, "/trace/event/", id, "");
        return GuestReplies.ReadEvent(
            await FetchAsync(request, _options.Limits.MaxReply, cancellationToken),
            request.ToString()
        );
    }

    /// <summary>Sets the state of one tracepoint: only of the first one, if several share the id.</summary>
    /// <returns>The previous state.</returns>
    /// <exception cref="GuestRestException">The guest has no such tracepoint, or the request failed.</exception>
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

    /// <summary>Reads all running counters.</summary>
    /// <exception cref="GuestRestException">The request failed.</exception>
    public async Task<TraceCounts> GetCountsAsync(CancellationToken cancellationToken = default)
    {
        GuestRequest request = new(HttpMethod.Get, "/trace/count");
        return GuestReplies.ReadCounts(
            await FetchAsync(request, _options.Limits.MaxListReply, cancellationToken),
            request.ToString()
        );
    }

    /// <summary>
    /// Starts or stops counting the hits of all tracepoints of one name. A counter that runs already starts at 0 again.
    /// </summary>
    /// <exception cref="GuestRestException">The guest has no such tracepoint, or the request failed.</exception>
    public async Task SetCountAsync(string id, bool enabled, CancellationToken cancellationToken = default)
    {
        GuestRequest request = Named(HttpMethod.Post, "/trace/count/", id, "?enabled=" + Word(enabled));
        GuestReplies.ReadString(
            await FetchAsync(request, _options.Limits.MaxReply, cancellationToken),
            request.ToString()
        );
    }

    /// <summary>Stops all counters.</summary>
    /// <exception cref="GuestRestException">The request failed.</exception>
    public async Task DeleteCountsAsync(CancellationToken cancellationToken = default)
    {
        GuestRequest request = new(HttpMethod.Delete, "/trace/count");
        GuestReplies.ReadString(
            await FetchAsync(request, _options.Limits.MaxReply, cancellationToken),
            request.ToString()
        );
    }

    /// <summary>Starts the sampler, restarts it if it runs, or stops it.</summary>
    /// <param name="frequency">
    /// The samples per second on each CPU; 0 stops the sampler. Do not pass a negative number: the guest accepts it.
    /// </param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>The guest's own text on what it did.</returns>
    /// <exception cref="GuestRestException">The request failed.</exception>
    public async Task<string> SetSamplerAsync(int frequency, CancellationToken cancellationToken = default)
    {
        GuestRequest request = new(HttpMethod.Post, "/trace/sampler", $"?freq={frequency}");
        return GuestReplies.ReadString(
            await FetchAsync(request, _options.Limits.MaxReply, cancellationToken),
            request.ToString()
        );
    }

    /// <summary>Reads OSv's version, such as <c>v0.57.0-398-g0e34e4dc</c>.</summary>
    /// <exception cref="GuestRestException">The request failed, or the image does not serve it.</exception>
    public async Task<string> GetOsVersionAsync(CancellationToken cancellationToken = default)
    {
        GuestRequest request = new(HttpMethod.Get, "/os/version");
        return GuestReplies.ReadString(
            await FetchAsync(request, _options.Limits.MaxReply, cancellationToken),
            request.ToString()
        );
    }

    /// <summary>Reads the number of the guest's CPUs.</summary>
    /// <exception cref="GuestRestException">The request failed, or the image does not serve it.</exception>
    public async Task<long> GetProcessorCountAsync(CancellationToken cancellationToken = default)
    {
        GuestRequest request = new(HttpMethod.Get, "/hardware/processor/count");
        return GuestReplies.ReadInt64(
            await FetchAsync(request, _options.Limits.MaxReply, cancellationToken),
            request.ToString()
        );
    }

    /// <summary>Requests a dump of the trace buffers and waits until the reply begins.</summary>
    internal async Task<GuestDump> OpenDumpAsync(CancellationToken cancellationToken = default)
    {
        GuestRequest request = new(HttpMethod.Get, "/trace/buffers");
        Silence silence = new(_options.ConnectTimeout, _options.DumpTimeout, cancellationToken);
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
        // The guest refuses a path with two dots in a row, and .NET removes them from a URL before it is sent.
        if (id.Length == 0 || id == "." || id.Contains("..", StringComparison.Ordinal))
            throw new GuestRestException(
                GuestRestProblem.UnknownTracepoint,
                $"'{ReplyText.Printable(id)}' cannot be a tracepoint's name"
            );
        return new GuestRequest(method, path + Uri.EscapeDataString(id), query) { Tracepoint = id };
    }

    private async Task<byte[]> FetchAsync(GuestRequest request, int limit, CancellationToken cancellationToken)
    {
        using Silence silence = new(_options.ConnectTimeout, _options.ReadTimeout, cancellationToken);
        using HttpResponseMessage reply = await SendAsync(request, silence);
        return await ReadBodyAsync(reply, request, limit, silence);
    }

    /// <summary>Sends a request and waits for the head of a reply with status 200.</summary>
    private async Task<HttpResponseMessage> SendAsync(GuestRequest request, Silence silence)
    {
        // The empty body keeps .NET from sending the request a second time: see the remarks of this class.
        using HttpRequestMessage message = new(request.Method, BaseUrl + request.Path + request.Query)
        {
            Content = new ByteArrayContent([]),
        };
        message.Options.Set(s_silence, silence);
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
