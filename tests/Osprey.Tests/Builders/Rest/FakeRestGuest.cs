using System.Net;
using System.Text.RegularExpressions;

namespace Osprey.Tests.Builders.Rest;

/// <summary>
/// The part of an OSv guest that its REST server shows: its answers to correct and to wrong requests.
/// </summary>
internal sealed class FakeRestGuest
{
    /// <summary>The tracepoints in the guest's order; several can have the same name.</summary>
    public List<FakeTracepoint> Tracepoints { get; } =
    [
        new("vfs_open"),
        new("vfs_open_ret"),
        new("clear_pte"),
        new("sched_wait"),
        new("clear_pte"),
        new("vfs_close"),
        new("function entry"),
        new("sampler_tick"),
    ];

    /// <summary>
    /// True for a guest from before October 2024: patterns are ECMAScript, and must match the whole name.
    /// </summary>
    public bool MatchesWholeNames { get; set; }

    public byte[] Dump { get; set; } = MakeDump(1000);

    public long Uptime { get; set; } = 5000;

    public int SamplerFrequency { get; private set; }

    /// <summary>A root chunk with meaningless content.</summary>
    public static byte[] MakeDump(int size)
    {
        byte[] dump = new byte[size];
        "TVSO"u8.CopyTo(dump);
        BitConverter.TryWriteBytes(dump.AsSpan(8), (long)size - 16);
        dump[16] = 1;
        dump[20] = 1;
        for (int i = 24; i < size; i++)
            dump[i] = (byte)(i & 0xff);
        return dump;
    }

    public FakeRestReply Answer(FakeRestRequest request)
    {
        if (request.Path.Contains("..", StringComparison.Ordinal))
            return FakeRestReply.Of(
                400,
                "<html><head><title>Bad Request</title></head></html>"u8.ToArray(),
                "text/html"
            );

        string path = request.Path.TrimEnd('/');
        return (request.Method, path) switch
        {
            ("GET", "/os/version") => FakeRestReply.Json("\"v0.57.0-398-g0e34e4dc\""),
            ("GET", "/hardware/processor/count") => FakeRestReply.Json("2"),
            ("GET", "/trace/status") => Status(Matching(request)),
            ("POST", "/trace/status") => Required(request, "enabled") ?? Set(request, Matching(request), all: true),
            ("GET", "/trace/count") => Counts(),
            ("DELETE", "/trace/count") => StopCounters(),
            ("POST", "/trace/sampler") => Required(request, "freq") ?? Sampler(request),
            ("GET", "/trace/buffers") => FakeRestReply.Of(200, Dump, "text/plain"),
            _ when path.StartsWith("/trace/event/", StringComparison.Ordinal) => Event(
                request,
                WebUtility.UrlDecode(path[13..])
            ),
            ("POST", _) when path.StartsWith("/trace/count/", StringComparison.Ordinal) => Count(
                request,
                WebUtility.UrlDecode(path[13..])
            ),
            _ => FakeRestReply.Error(404, "Not found"),
        };
    }

    private static FakeRestReply? Required(FakeRestRequest request, string name) =>
        request.Parameter(name).Length > 0 ? null : FakeRestReply.Error(400, $"Missing mandatory parameter '{name}'");

    private static FakeRestReply Status(IEnumerable<FakeTracepoint> tracepoints) =>
        FakeRestReply.Json($"[{string.Join(",", tracepoints.Select(point => point.ToJson()))}]");

    private static FakeRestReply Set(FakeRestRequest request, List<FakeTracepoint> tracepoints, bool all)
    {
        if (!TryBool(request.Parameter("enabled"), out bool enabled))
            return FakeRestReply.Error(
                400,
                $"Invalid value {request.Parameter("enabled").ToLowerInvariant()} use true/false or 0/1"
            );
        if (!TryBool(request.Parameter("backtrace"), out bool backtrace))
            return FakeRestReply.Error(
                400,
                $"Invalid value {request.Parameter("backtrace").ToLowerInvariant()} use true/false or 0/1"
            );

        FakeRestReply previous = all ? Status(tracepoints) : FakeRestReply.Json(tracepoints[0].ToJson());
        foreach (FakeTracepoint point in tracepoints)
            (point.Enabled, point.Backtrace) = (enabled, backtrace);
        return previous;
    }

    private static bool TryBool(string text, out bool value)
    {
        string lower = text.ToLowerInvariant();
        value = lower is "true" or "1";
        return value || lower is "" or "false" or "0";
    }

    private List<FakeTracepoint> Matching(FakeRestRequest request)
    {
        string match = request.Parameter("match");
        if (match.Length == 0)
            return Tracepoints;
        return MatchesWholeNames
            ? Tracepoints.FindAll(point => Regex.IsMatch(point.Name, $"\\A(?:{match})\\z", RegexOptions.ECMAScript))
            : Tracepoints.FindAll(point => FakeRestMatch.Search(match, point.Name));
    }

    private FakeRestReply Event(FakeRestRequest request, string id)
    {
        if (request.Method == "POST" && Required(request, "enabled") is { } missing)
            return missing;
        if (Tracepoints.Find(point => point.Name == id) is not { } first)
            return FakeRestReply.Error(500, id);
        return request.Method == "POST" ? Set(request, [first], all: false) : FakeRestReply.Json(first.ToJson());
    }

    private FakeRestReply Count(FakeRestRequest request, string id)
    {
        List<FakeTracepoint> points = Tracepoints.FindAll(point => point.Name == id);
        if (Required(request, "enabled") is { } missing)
            return missing;
        if (points.Count == 0)
            return FakeRestReply.Error(400, "Unknown tracepoint name");

        TryBool(request.Parameter("enabled"), out bool enabled);
        foreach (FakeTracepoint point in points)
            point.Count = enabled ? 0 : null;
        return FakeRestReply.Json("\"\"");
    }

    private FakeRestReply Counts()
    {
        IEnumerable<string> counted = Tracepoints
            .Where(point => point.Count is not null)
            .Select(point => $"{{\"name\": \"{point.Name}\", \"count\": {point.Count}}}")
            .Reverse();
        string list = string.Join(",", counted);
        return FakeRestReply.Json(
            list.Length == 0 ? $"{{\"time_ms\": {Uptime}}}" : $"{{\"list\": [{list}], \"time_ms\": {Uptime}}}"
        );
    }

    private FakeRestReply StopCounters()
    {
        foreach (FakeTracepoint point in Tracepoints)
            point.Count = null;
        return FakeRestReply.Json("\"\"");
    }

    private FakeRestReply Sampler(FakeRestRequest request)
    {
        if (!int.TryParse(request.Parameter("freq"), out int frequency))
            return FakeRestReply.Error(500, "stoi: no conversion");
        if (frequency > 100000)
            return FakeRestReply.Error(400, "Frequency too large. Maximum is 100000");

        SamplerFrequency = frequency;
        FakeTracepoint tick = Tracepoints.First(point => point.Name == "sampler_tick");
        tick.Enabled = tick.Backtrace = frequency != 0;
        return FakeRestReply.Json(
            frequency == 0 ? "\"Sampler stopped successfully\"" : "\"Sampler started successfully\""
        );
    }
}
