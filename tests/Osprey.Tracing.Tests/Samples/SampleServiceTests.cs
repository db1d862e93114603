using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Osprey.Traces;
using Osprey.Traces.Model;
using Osprey.Tracing.Tests.Sampling;

namespace Osprey.Tracing.Tests.Samples;

/// <summary>The service of <c>samples/dotnet-service</c>, started as its comment says: what it is to show.</summary>
public sealed partial class SampleServiceTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private readonly string _dump = Path.GetTempFileName();
    private readonly List<string> _lines = [];
    private readonly Process _service;

    public SampleServiceTests()
    {
        // .../artifacts/bin/PROJECT/CONFIGURATION
        string own = AppContext.BaseDirectory.TrimEnd('/');
        string program = Path.Combine(own, "../../dotnet-service", Path.GetFileName(own), "dotnet-service.dll");
        var start = new ProcessStartInfo("dotnet", $"exec {program} --urls http://127.0.0.1:0 --sources --strace")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true, // strace's
        };
        start.Environment["OSPREY_TRACE"] = "*";
        start.Environment["OSPREY_TRACE_BACKTRACE"] = "1";
        start.Environment["OSPREY_TRACE_ASYNC"] = "1";
        _service = Process.Start(start)!;
        _service.OutputDataReceived += Keep;
        _service.ErrorDataReceived += Keep;
        _service.BeginOutputReadLine();
        _service.BeginErrorReadLine();
    }

    public void Dispose()
    {
        _service.Kill();
        _service.WaitForExit();
        _service.Dispose();
        File.Delete(_dump);
    }

    [Fact]
    public async Task Service_ThatAnswersOrders_ShowsCallsSpansMeasurementsStacksAndStrace()
    {
        Match address = await WaitForLineAsync(AddressPattern());
        using var client = new HttpClient { BaseAddress = new Uri(address.Groups[1].Value) };

        Assert.Equal("order 7", await client.GetStringAsync("/orders/7"));
        Assert.Equal("no order 9", await client.GetStringAsync("/orders/9"));
        Assert.Equal("order 3", await client.GetStringAsync("/later/3"));

        // strace
        await WaitForLineAsync(new Regex(@"order_find\(number=7\)"));
        await WaitForLineAsync(new Regex("order_find_ret\\(\"order 7\"\\)"));
        await WaitForLineAsync(new Regex(@"order_find_err\(number=9\)"));

        // Its own tracepoints, spans of its requests, measurements of the server.
        string[] names = await ReadTracepointsAsync(client);
        Assert.Contains("order_find", names);
        Assert.Contains(names, name => name.EndsWith("HttpRequestIn_ret", StringComparison.Ordinal));
        Assert.Contains(names, name => name.StartsWith("Microsoft.AspNetCore.Hosting/", StringComparison.Ordinal));

        await File.WriteAllBytesAsync(_dump, await client.GetByteArrayAsync("/trace/buffers"));
        string[] samples = ReadSamples();
        Assert.Equal(3, samples.Count(sample => sample == "order_find True"));
        Assert.Equal(2, samples.Count(sample => sample == "order_find_ret True"));
        Assert.Equal(1, samples.Count(sample => sample == "order_find_err True"));
        // The request for the dump, and perhaps the one before it, are not over.
        int begun = samples.Count(sample => sample.Contains("HttpRequestIn ", StringComparison.Ordinal));
        int ended = samples.Count(sample => sample.Contains("HttpRequestIn_ret ", StringComparison.Ordinal));
        Assert.InRange(begun, 4, 5);
        Assert.InRange(ended, 3, begun - 1);

        // Methods and logical callers by name.
        string text = await File.ReadAllTextAsync(_dump, System.Text.Encoding.Latin1);
        Assert.Contains("Osprey.Samples.OrderStore::Find(int32)", text, StringComparison.Ordinal);
        Assert.Matches(@"\[async\] Osprey\.Samples\.OrderStore\+<FindLaterAsync>", text);
    }

    [SamplerFact]
    public async Task Service_WhoseSamplerIsStarted_HasSamplesOfItsThreads()
    {
        Match address = await WaitForLineAsync(AddressPattern());
        using var client = new HttpClient { BaseAddress = new Uri(address.Groups[1].Value) };

        using HttpResponseMessage reply = await client.PostAsync("/trace/sampler?freq=10000", null);
        Assert.Equal("\"Sampler started successfully\"", await reply.Content.ReadAsStringAsync());
        using var limit = new CancellationTokenSource(s_patience);
        do
        {
            await client.GetStringAsync("/orders/1", limit.Token);
            await File.WriteAllBytesAsync(_dump, await client.GetByteArrayAsync("/trace/buffers", limit.Token));
        } while (!ReadSamples().Contains("sampler_tick True"));
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (_lines)
            _lines.Add(line.Data ?? "");
    }

    private static async Task<string[]> ReadTracepointsAsync(HttpClient client)
    {
        using var status = JsonDocument.Parse(await client.GetStringAsync("/trace/status"));
        return [.. status.RootElement.EnumerateArray().Select(element => element.GetProperty("name").GetString()!)];
    }

    private async Task<Match> WaitForLineAsync(Regex pattern)
    {
        long begun = Stopwatch.GetTimestamp();
        while (true)
        {
            lock (_lines)
            {
                if (_lines.Select(line => pattern.Match(line)).FirstOrDefault(match => match.Success) is { } found)
                    return found;
                if (Stopwatch.GetElapsedTime(begun) > s_patience || _service.HasExited)
                    Assert.Fail($"no line like {pattern} came:\n{string.Join('\n', _lines)}");
            }

            await Task.Delay(20);
        }
    }

    private string[] ReadSamples()
    {
        using TraceFile trace = TraceFile.Open(_dump);
        List<string> samples = [];
        foreach (TraceEvent sample in trace)
            samples.Add($"{trace.Tracepoints[sample.Tracepoint].Name} {sample.HasBacktrace}");
        Assert.Null(trace.Stats.Damage);
        return [.. samples];
    }

    [GeneratedRegex("Now listening on: (http://\\S+)")]
    private static partial Regex AddressPattern();
}
