using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Osprey.Tracing.Control;

namespace Osprey.Tracing.AspNetCore;

/// <summary>Answers the requests below <c>/trace</c>.</summary>
/// <remarks>
/// Replies, errors and their order are those of OSv's REST server. Two things differ: what OSv answers with 500 because
/// a parameter is malformed is a 400 here, and no header allows pages of other sites to read the replies.
/// </remarks>
internal sealed class TraceRequestHandler(TracingEndpointOptions options)
{
    /// <summary>At most so many dumps are made at a time: each takes as much memory as all rings.</summary>
    private static readonly SemaphoreSlim s_dumps = new(2);

    private readonly byte[]? _token = options.Token is { } token ? Encoding.UTF8.GetBytes(token) : null;

    /// <summary>Answers one request.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            CheckClient(context);
            RequestParameters parameters = await RequestParameters.ReadAsync(context.Request);
            string path = (context.Request.RouteValues["path"] as string ?? "").TrimEnd('/');
            if (path == "buffers" && HttpMethods.IsGet(context.Request.Method))
                await SendDumpAsync(context);
            else
                await SendAsync(context, StatusCodes.Status200OK, Answer(context.Request.Method, path, parameters));
        }
        catch (ReplyException e)
        {
            await SendAsync(context, e.Status, ReplyText.OfError(e.Status, e.Message));
        }
    }

    private static string Answer(string method, string path, RequestParameters parameters)
    {
        int slash = path.IndexOf('/', StringComparison.Ordinal);
        string kind = slash < 0 ? path : path[..slash];
        string? id = slash < 0 ? null : path[(slash + 1)..];
        return (method, kind, id) switch
        {
            ("GET", "status", null) => ReplyText.Of(Match(parameters).Select(TracepointState.Of)),
            ("POST", "status", null) => SetAll(parameters),
            ("GET", "event", { } name) => ReplyText.Of(TracepointState.Of(FindEvent(name)[0])),
            ("POST", "event", { } name) => SetOne(name, parameters),
            ("GET", "count", null) => ReadCounts(),
            ("DELETE", "count", null) => StopCounts(),
            ("POST", "count", { } name) => SetCount(name, parameters),
            ("POST", "sampler", null) => SetSampler(parameters),
            ("DELETE", "sampler", null) => StopSampler(),
            _ => throw new ReplyException(StatusCodes.Status404NotFound, "Not found"),
        };
    }

    private static List<TracepointInfo> Match(RequestParameters parameters)
    {
        string match = parameters.Get("match");
        if (match.Length == 0)
            return [.. Tracing.Tracepoints];

        try
        {
            Predicate<string> matches = BasicRegex.Compile(match);
            return [.. Tracing.Tracepoints.Where(info => matches(info.Name))];
        }
        catch (ArgumentException e)
        {
            throw new ReplyException(StatusCodes.Status400BadRequest, e.Message);
        }
    }

    private static string SetAll(RequestParameters parameters)
    {
        List<TracepointInfo> tracepoints = Match(parameters);
        bool enabled = parameters.GetRequiredBoolean("enabled");
        bool backtrace = parameters.GetBoolean("backtrace");
        return Switch(tracepoints, enabled, backtrace, states => ReplyText.Of(states));
    }

    private static string SetOne(string name, RequestParameters parameters)
    {
        List<TracepointInfo> tracepoints = FindEvent(name);
        bool enabled = parameters.GetRequiredBoolean("enabled");
        bool backtrace = parameters.GetBoolean("backtrace");
        return Switch(tracepoints, enabled, backtrace, states => ReplyText.Of(states[0]));
    }

    private static string Switch(
        List<TracepointInfo> tracepoints,
        bool enabled,
        bool backtrace,
        Func<List<TracepointState>, string> reply
    )
    {
        List<TracepointState> before = [.. tracepoints.Select(TracepointState.Of)];
        foreach (TracepointInfo info in tracepoints)
            info.Switch(enabled, backtrace);
        return reply(before);
    }

    /// <summary>Finds the tracepoints of a name. An unknown one is what OSv's server fails at, with 500.</summary>
    private static List<TracepointInfo> FindEvent(string name) =>
        Find(name) is { Count: > 0 } found
            ? found
            : throw new ReplyException(StatusCodes.Status500InternalServerError, name);

    private static List<TracepointInfo> Find(string name) => [.. Tracing.Tracepoints.Where(info => info.Name == name)];

    private static string ReadCounts()
    {
        List<(string, ulong)> counts = [];
        foreach (TracepointInfo info in Tracing.Tracepoints)
        {
            if (info.Count is { } count)
                counts.Add((info.Name, count));
        }

        return ReplyText.Of(counts, Environment.TickCount64);
    }

    private static string StopCounts()
    {
        foreach (TracepointInfo info in Tracing.Tracepoints)
            info.StopCounting();
        return "\"\"";
    }

    private static string SetCount(string name, RequestParameters parameters)
    {
        bool enabled = parameters.GetRequiredBoolean("enabled");
        List<TracepointInfo> found = Find(name);
        if (found.Count == 0)
            throw new ReplyException(StatusCodes.Status400BadRequest, "Unknown tracepoint name");

        foreach (TracepointInfo info in found)
        {
            if (enabled)
                info.StartCounting();
            else
                info.StopCounting();
        }

        return "\"\"";
    }

    private static string SetSampler(RequestParameters parameters)
    {
        int frequency = parameters.GetRequiredInteger("freq");
        if (frequency == 0)
            return StopSampler();

        int largest = Sampler.LargestFrequency;
        if (frequency > largest)
        {
            throw new ReplyException(StatusCodes.Status400BadRequest, $"Frequency too large. Maximum is {largest}");
        }

        try
        {
            Sampler.Start(frequency);
        }
        catch (NotSupportedException e)
        {
            throw new ReplyException(StatusCodes.Status501NotImplemented, e.Message);
        }

        return "\"Sampler started successfully\"";
    }

    private static string StopSampler()
    {
        Sampler.Stop();
        return "\"Sampler stopped successfully\"";
    }

    private static async Task SendDumpAsync(HttpContext context)
    {
        await s_dumps.WaitAsync(context.RequestAborted);
        try
        {
            using var dump = new MemoryStream();
            Tracing.WriteDump(dump);
            dump.Position = 0;
            context.Response.ContentType = "text/plain";
            context.Response.ContentLength = dump.Length;
            await dump.CopyToAsync(context.Response.Body, context.RequestAborted);
        }
        finally
        {
            s_dumps.Release();
        }
    }

    private static Task SendAsync(HttpContext context, int status, string json)
    {
        byte[] body = Encoding.UTF8.GetBytes(json);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        return context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    private void CheckClient(HttpContext context)
    {
        IHeaderDictionary headers = context.Request.Headers;
        if (!options.AllowRemote)
        {
            // A Unix socket has no address.
            bool remote = context.Connection.RemoteIpAddress is { } address && !IPAddress.IsLoopback(address);
            bool forwarded = headers.ContainsKey("X-Forwarded-For") || headers.ContainsKey("Forwarded");
            if (remote || forwarded || !IsLoopbackName(context.Request.Host.Host))
                throw new ReplyException(StatusCodes.Status403Forbidden, "Tracing is for clients of this host only");
        }

        if (_token is null)
            return;

        string given = headers.Authorization.ToString();
        const string scheme = "Bearer ";
        byte[] token = given.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)
            ? Encoding.UTF8.GetBytes(given[scheme.Length..])
            : [];
        if (!CryptographicOperations.FixedTimeEquals(token, _token))
            throw new ReplyException(StatusCodes.Status401Unauthorized, "A token is needed");
    }

    /// <summary>
    /// Whether a request asks for this host by a name that only means this host: a page of another site, whose own
    /// name was made to lead here, does not.
    /// </summary>
    private static bool IsLoopbackName(string host) =>
        host.Length == 0
        || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address));
}
