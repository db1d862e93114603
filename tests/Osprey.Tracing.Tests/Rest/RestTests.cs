using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Osprey.Traces;
using Osprey.Tracing.Rings;
using Osprey.Tracing.Tests.Sampling;

namespace Osprey.Tracing.Tests.Rest;

/// <summary>The REST API: its replies have the form that those of an OSv guest were recorded in.</summary>
public sealed class RestTests : IClassFixture<OpenService>
{
    private readonly TracedService _service;

    private static readonly Tracepoint<int> s_first = Tracepoint.Define<int>("rest_first", "%d");
    private static readonly Tracepoint s_second = Tracepoint.Define("rest_second");
    private static readonly Tracepoint s_third = Tracepoint.Define("rest/the third");

    public RestTests(OpenService open)
    {
        _service = open.Service;
        _ = s_first.IsActive;
        _ = s_second.IsActive;
        _ = s_third.IsActive;
        TraceRings.Replace(1 << 16, 2, 2);
        Tracing.Disable();
    }

    [Theory]
    [InlineData(
        "GET",
        "event/rest_first",
        "200 {\"name\": \"rest_first\", \"id\": \"rest_first\", \"enabled\": false, \"backtrace\": false}"
    )]
    [InlineData(
        "GET",
        "event/rest_first/",
        "200 {\"name\": \"rest_first\", \"id\": \"rest_first\", \"enabled\": false, \"backtrace\": false}"
    )]
    [InlineData(
        "GET",
        "event/rest%5Fsecond",
        "200 {\"name\": \"rest_second\", \"id\": \"rest_second\", \"enabled\": false, \"backtrace\": false}"
    )]
    [InlineData(
        "GET",
        "event/rest/the%20third",
        "200 {\"name\": \"rest/the third\", \"id\": \"rest/the third\", \"enabled\": false, \"backtrace\": false}"
    )]
    [InlineData(
        "GET",
        "status?match=t/the+t",
        "200 [{\"name\": \"rest/the third\", \"id\": \"rest/the third\", \"enabled\": false, \"backtrace\": false}]"
    )]
    [InlineData("GET", "event/nosuch", "500 {\"message\": \"nosuch\", \"code\": 500}")]
    [InlineData("POST", "event/nosuch?enabled=1", "500 {\"message\": \"nosuch\", \"code\": 500}")]
    [InlineData("GET", "status?match=nosuch", "200 []")]
    [InlineData(
        "GET",
        "status?match=^rest_",
        "200 [{\"name\": \"rest_first\", \"id\": \"rest_first\", \"enabled\": false, \"backtrace\": false},"
            + "{\"name\": \"rest_second\", \"id\": \"rest_second\", \"enabled\": false, \"backtrace\": false}]"
    )]
    [InlineData("GET", "status?match=[", "400 {\"message\": \"'[' is not a basic regular expression\", \"code\": 400}")]
    [InlineData("GET", "status?match=(", "200 []")]
    [InlineData(
        "GET",
        "status?match=%5C(",
        "400 {\"message\": \"'\\\\(' is not a basic regular expression\", \"code\": 400}"
    )]
    [InlineData("POST", "status", "400 {\"message\": \"Missing mandatory parameter 'enabled'\", \"code\": 400}")]
    [InlineData(
        "POST",
        "status?enabled=",
        "400 {\"message\": \"Missing mandatory parameter 'enabled'\", \"code\": 400}"
    )]
    [InlineData(
        "POST",
        "event/rest_first?enabled=Maybe",
        "400 {\"message\": \"Invalid value maybe use true/false or 0/1\", \"code\": 400}"
    )]
    [InlineData("POST", "count/nosuch?enabled=1", "400 {\"message\": \"Unknown tracepoint name\", \"code\": 400}")]
    [InlineData(
        "POST",
        "count/rest_first",
        "400 {\"message\": \"Missing mandatory parameter 'enabled'\", \"code\": 400}"
    )]
    [InlineData("DELETE", "count", "200 \"\"")]
    [InlineData("POST", "sampler", "400 {\"message\": \"Missing mandatory parameter 'freq'\", \"code\": 400}")]
    [InlineData(
        "POST",
        "sampler?freq=100001",
        "400 {\"message\": \"Frequency too large. Maximum is 100000\", \"code\": 400}"
    )]
    [InlineData(
        "POST",
        "sampler?freq=often",
        "400 {\"message\": \"Invalid value often for 'freq': use a number from 0 on\", \"code\": 400}"
    )]
    [InlineData(
        "POST",
        "sampler?freq=-1",
        "400 {\"message\": \"Invalid value -1 for 'freq': use a number from 0 on\", \"code\": 400}"
    )]
    [InlineData(
        "POST",
        "sampler?freq=2147483648",
        "400 {\"message\": \"Invalid value 2147483648 for 'freq': use a number from 0 on\", \"code\": 400}"
    )]
    [InlineData("POST", "sampler?freq=", "400 {\"message\": \"Missing mandatory parameter 'freq'\", \"code\": 400}")]
    [InlineData("POST", "sampler?freq=0", "200 \"Sampler stopped successfully\"")]
    [InlineData("GET", "sampler", "404 {\"message\": \"Not found\", \"code\": 404}")]
    [InlineData("DELETE", "status", "404 {\"message\": \"Not found\", \"code\": 404}")]
    [InlineData("POST", "buffers", "404 {\"message\": \"Not found\", \"code\": 404}")]
    [InlineData("GET", "count/rest_first", "404 {\"message\": \"Not found\", \"code\": 404}")]
    [InlineData(
        "POST",
        "count/rest_first?enabled=2",
        "400 {\"message\": \"Invalid value 2 use true/false or 0/1\", \"code\": 400}"
    )]
    [InlineData("GET", "nosuch", "404 {\"message\": \"Not found\", \"code\": 404}")]
    [InlineData("GET", "", "404 {\"message\": \"Not found\", \"code\": 404}")]
    [InlineData("PUT", "status", "404 {\"message\": \"Not found\", \"code\": 404}")]
    public async Task Request_IsAnsweredAsOsvDoes(string method, string path, string expected)
    {
        TracedService service = _service;
        Assert.Equal(expected, await service.AskAsync(new HttpMethod(method), $"/trace/{path}"));
    }

    [Fact]
    public async Task Status_ThatIsSet_IsAnsweredWithWhatItWas()
    {
        TracedService service = _service;
        const string path = "/trace/event/rest_first";
        Assert.Equal(
            "200 {\"name\": \"rest_first\", \"id\": \"rest_first\", \"enabled\": false, \"backtrace\": false}",
            await service.AskAsync(HttpMethod.Post, path + "?enabled=True&backtrace=1")
        );
        Assert.Equal(
            "200 {\"name\": \"rest_first\", \"id\": \"rest_first\", \"enabled\": true, \"backtrace\": true}",
            await service.AskAsync(HttpMethod.Post, path + "?enabled=True")
        );
        Assert.Equal(
            "200 {\"name\": \"rest_first\", \"id\": \"rest_first\", \"enabled\": true, \"backtrace\": false}",
            await service.AskAsync(HttpMethod.Get, path)
        );
        Assert.Equal(
            "200 [{\"name\": \"rest_first\", \"id\": \"rest_first\", \"enabled\": true, \"backtrace\": false}]",
            await service.AskAsync(HttpMethod.Post, "/trace/status?match=rest_f.*t$&enabled=false")
        );
        Assert.False(s_first.IsActive);
    }

    /// <summary>What a form in the body says comes before what the URL says.</summary>
    [Fact]
    public async Task Parameters_OfAForm_Win()
    {
        TracedService service = _service;
        using var form = new FormUrlEncodedContent([new("enabled", "true")]);
        Assert.StartsWith(
            "200 ",
            await service.AskAsync(HttpMethod.Post, "/trace/event/rest_second?enabled=false", form),
            StringComparison.Ordinal
        );
        Assert.True(s_second.IsActive);
    }

    [Fact]
    public async Task Counts_AreListedWhileThereAreSome()
    {
        TracedService service = _service;
        Assert.Matches("^200 {\"time_ms\": [0-9]+}$", await service.AskAsync(HttpMethod.Get, "/trace/count"));
        Assert.Equal("200 \"\"", await service.AskAsync(HttpMethod.Post, "/trace/count/rest_first?enabled=true"));
        s_first.Record(1);
        s_first.Record(2);
        Assert.Matches(
            "^200 {\"list\": \\[{\"name\": \"rest_first\", \"count\": 2}\\], \"time_ms\": [0-9]+}$",
            await service.AskAsync(HttpMethod.Get, "/trace/count")
        );
        Assert.Equal("200 \"\"", await service.AskAsync(HttpMethod.Delete, "/trace/count"));
        Assert.Matches("^200 {\"time_ms\": [0-9]+}$", await service.AskAsync(HttpMethod.Get, "/trace/count"));
    }

    [SamplerFact]
    public async Task Sampler_IsStartedAndStopped()
    {
        const string tick = "/trace/event/sampler_tick";
        TracedService service = _service;
        Assert.Equal(
            "200 \"Sampler started successfully\"",
            await service.AskAsync(HttpMethod.Post, "/trace/sampler?freq=1000")
        );
        Assert.Equal(1000, Sampler.Frequency);
        Assert.Equal(
            "200 {\"name\": \"sampler_tick\", \"id\": \"sampler_tick\", \"enabled\": true, \"backtrace\": true}",
            await service.AskAsync(HttpMethod.Get, tick)
        );
        Assert.Equal(
            "200 \"Sampler stopped successfully\"",
            await service.AskAsync(HttpMethod.Post, "/trace/sampler?freq=0")
        );
        Assert.Equal(
            "200 {\"name\": \"sampler_tick\", \"id\": \"sampler_tick\", \"enabled\": false, \"backtrace\": false}",
            await service.AskAsync(HttpMethod.Get, tick)
        );
        await service.AskAsync(HttpMethod.Post, "/trace/sampler?freq=1");
        Assert.Equal(
            "200 \"Sampler stopped successfully\"",
            await service.AskAsync(HttpMethod.Delete, "/trace/sampler")
        );
        Assert.Equal(0, Sampler.Frequency);
    }

    /// <summary>What is no request at all does not reach the tracing, and does not end the service.</summary>
    [Theory]
    [InlineData("nonsense\r\n\r\n", "HTTP/1.1 400")]
    [InlineData("GET /trace/status HTTP/1.1\r\n\r\n", "HTTP/1.1 400")] // no host
    [InlineData("GET /trace/%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "HTTP/1.1 404")]
    [InlineData("GET /trace/../trace/count HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "HTTP/1.1 200")]
    [InlineData("GET /trace/../secret HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "HTTP/1.1 404")]
    [InlineData(
        "POST /trace/status HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\n\r\n%%%",
        "HTTP/1.1 400"
    )]
    public async Task Bytes_ThatAreNoRequest_AreRefused(string bytes, string expected)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(_service.Url.Host, _service.Url.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(bytes));
        using var reader = new StreamReader(client.GetStream());
        Assert.StartsWith(expected, await reader.ReadLineAsync(), StringComparison.Ordinal);
        Assert.StartsWith("200", await _service.AskAsync(HttpMethod.Get, "/trace/count"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Buffers_AreADump()
    {
        TracedService service = _service;
        Tracing.Enable("rest_*", backtrace: true);
        s_first.Record(7);
        s_second.Record();
        Tracing.Disable();
        using HttpResponseMessage reply = await service.Client.GetAsync("/trace/buffers");
        Assert.Equal("text/plain", reply.Content.Headers.ContentType?.ToString());
        string path = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(path, await reply.Content.ReadAsByteArrayAsync());
            Assert.Equal(["rest_first True", "rest_second True"], ReadNames(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>OSv's own client downloads a dump, and its own reader counts what is in it.</summary>
    [Fact]
    public async Task Buffers_AreDownloadedByTheReference()
    {
        if (Environment.GetEnvironmentVariable("OSPREY_REFERENCE_TRACE") is not { } reference)
        {
            Console.WriteLine("skipped: OSPREY_REFERENCE_TRACE does not name OSv's scripts/trace.py");
            return;
        }

        TracedService service = _service;
        Tracing.Enable("rest_*");
        s_first.Record(7);
        s_first.Record(8);
        Tracing.Disable();
        string path = Path.GetTempFileName();
        try
        {
            await RunAsync(reference, "download", "-u", service.Url.ToString(), path);
            string summary = await RunAsync(reference, "summary", path);
            Assert.Contains("rest_first 2", Regex.Replace(summary, " +", " "), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task Request_ThatAProxyForwards_IsRefused()
    {
        TracedService service = _service;
        using var forwarded = new HttpRequestMessage(HttpMethod.Get, "/trace/status");
        forwarded.Headers.Add("X-Forwarded-For", "192.0.2.1");
        using HttpResponseMessage reply = await service.Client.SendAsync(forwarded);
        Assert.Equal(403, (int)reply.StatusCode);

        using var otherName = new HttpRequestMessage(HttpMethod.Get, "/trace/status");
        otherName.Headers.Host = "elsewhere.example";
        using HttpResponseMessage otherReply = await service.Client.SendAsync(otherName);
        Assert.Equal(403, (int)otherReply.StatusCode);
        Assert.Equal(
            "{\"message\": \"Tracing is for clients of this host only\", \"code\": 403}",
            await otherReply.Content.ReadAsStringAsync()
        );
    }

    [Fact]
    public async Task Request_WithoutTheToken_IsRefused()
    {
        await using TracedService service = await TracedService.StartAsync(options => options.Token = "secret");
        Assert.Equal(
            "401 {\"message\": \"A token is needed\", \"code\": 401}",
            await service.AskAsync(HttpMethod.Get, "/trace/count")
        );
        service.Client.DefaultRequestHeaders.Authorization = new("Bearer", "wrong");
        Assert.StartsWith("401", await service.AskAsync(HttpMethod.Get, "/trace/count"), StringComparison.Ordinal);
        service.Client.DefaultRequestHeaders.Authorization = new("Bearer", "secret");
        Assert.StartsWith("200", await service.AskAsync(HttpMethod.Get, "/trace/count"), StringComparison.Ordinal);
    }

    /// <summary>A thousand requests at a time, half of them nonsense, while records are written.</summary>
    [Fact]
    public async Task Requests_OfAThousandAtATime_AreAllAnswered()
    {
        TracedService service = _service;
        Tracing.Enable("rest_second");
        string[] paths =
        [
            "/trace/status",
            "/trace/status?match=[[:nosuch:]]",
            "/trace/event/rest_first",
            "/trace/event/%00%ff",
            "/trace/count",
            "/trace/../../etc/passwd",
            "/trace/status?match=^rest",
            "/trace/sampler?freq=often",
        ];
        string[] replies = await Task.WhenAll(
            Enumerable
                .Range(0, 1000)
                .Select(async i =>
                {
                    s_second.Record();
                    // Every second one is nonsense, by either method.
                    HttpMethod method = i % 4 == 3 ? HttpMethod.Post : HttpMethod.Get;
                    return await service.AskAsync(method, paths[i % paths.Length]);
                })
        );
        Tracing.Disable();
        Assert.Equal(500, replies.Count(reply => reply.StartsWith("200 ", StringComparison.Ordinal)));
        TraceTotals totals = Tracing.GetTotals();
        Assert.Equal(1000, totals.Written + totals.Dropped);
    }

    private static List<string> ReadNames(string path)
    {
        List<string> names = [];
        using TraceFile trace = TraceFile.Open(path);
        foreach (Traces.Model.TraceEvent sample in trace)
            names.Add($"{trace.Tracepoints[sample.Tracepoint].Name} {sample.HasBacktrace}");
        return names;
    }

    private static async Task<string> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo("python3", arguments) { RedirectStandardOutput = true, RedirectStandardError = true }
        )!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await errors);
        return output;
    }
}
