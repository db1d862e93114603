using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Osprey.Tracing.Backtraces;
using Osprey.Tracing.Dumps;
using Osprey.Tracing.Memory;
using Osprey.Tracing.Rings;

namespace Osprey.Tracing.Tests.Backtraces;

/// <summary>Which of an async method's callers a backtrace has.</summary>
public sealed class AsyncBacktraceTests
{
    private static readonly Tracepoint s_before = Tracepoint.Define("async_before");
    private static readonly Tracepoint s_after = Tracepoint.Define("async_after");

    /// <summary>All wait for it, so that each is awaited by its caller before it is resumed.</summary>
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task Backtrace_HasWhoAwaits_UntilTheFirstWaitOnly()
    {
        await RunAsync(OuterAsync, follows: false);

        Dictionary<ulong, List<string>> frames = ReadFrames();
        List<string> before = frames[AddressOf("async_before")];
        Assert.Contains(before, frame => frame.Contains("InnerAsync", StringComparison.Ordinal));
        Assert.Contains(before, frame => frame.Contains("OuterAsync", StringComparison.Ordinal));
        List<string> after = frames[AddressOf("async_after")];
        Assert.Contains(after, frame => frame.Contains("InnerAsync", StringComparison.Ordinal));
        Assert.DoesNotContain(after, frame => frame.Contains("OuterAsync", StringComparison.Ordinal));
    }

    /// <summary>In place of the thread pool's frames stand those who await, innermost first, and marked.</summary>
    [Fact]
    public async Task Backtrace_WithAsyncCallers_HasWhoAwaitsAfterwardsToo()
    {
        await RunAsync(TopAsync, follows: true);
        const string self = "Osprey.Tracing.Tests.Backtraces.AsyncBacktraceTests+";
        List<string> after = ReadFrames()[AddressOf("async_after")];
        Assert.Contains(after, frame => frame.Contains("InnerAsync", StringComparison.Ordinal));
        int first = after.FindIndex(frame => frame.StartsWith("[async] ", StringComparison.Ordinal));
        Assert.Equal(
            [
                $"[async] {self}<OuterAsync>d__::MoveNext()",
                $"[async] {self}<GenericAsync>d__`1::MoveNext()",
                $"[async] {self}<TopAsync>d__::MoveNext()",
            ],
            after.Skip(first).Take(3).Select(frame => Regex.Replace(frame, "d__[0-9]+", "d__"))
        );
        Assert.DoesNotContain(after, frame => frame.Contains("ThreadPoolWorkQueue", StringComparison.Ordinal));
        // Before the first wait they are on the stack.
        Assert.DoesNotContain(
            ReadFrames()[AddressOf("async_before")],
            frame => frame.StartsWith("[async] ", StringComparison.Ordinal)
        );
    }

    /// <summary>What runs on the pool without being awaited has the pool's frames, and nobody else's callers.</summary>
    [Fact]
    public async Task Backtrace_OfWorkThatNobodyAwaits_HasNoLogicalCallers()
    {
        await RunAsync(
            async () =>
            {
                await OuterAsync();
                var done = new TaskCompletionSource();
                ThreadPool.QueueUserWorkItem(_ =>
                {
                    s_after.Record();
                    done.SetResult();
                });
                await done.Task;
            },
            follows: true
        );
        Assert.DoesNotContain(
            ReadFrames()[AddressOf("async_after")], // the newest
            frame => frame.StartsWith("[async] ", StringComparison.Ordinal)
        );
    }

    /// <summary>Many calls at a time, on all threads: each has its own callers.</summary>
    [Fact]
    public async Task Backtraces_OfManyCallsAtATime_HaveEachItsOwnCaller()
    {
        await RunAsync(
            () => Task.WhenAll(Enumerable.Range(0, 300).Select(i => i % 2 == 0 ? OuterAsync() : OtherAsync())),
            follows: true
        );
        int outer = 0;
        int other = 0;
        foreach ((ulong tracepoint, List<string> frames) in ReadAllFrames())
        {
            if (tracepoint != AddressOf("async_after"))
                continue;

            bool isOuter = HasCaller(frames, "<OuterAsync>");
            bool isOther = HasCaller(frames, "<OtherValueAsync>") && HasCaller(frames, "<OtherAsync>");
            Assert.True(isOuter ^ isOther, string.Join('\n', frames));
            outer += isOuter ? 1 : 0;
            other += isOther ? 1 : 0;
        }

        Assert.Equal((150, 150), (outer, other));
    }

    private static bool HasCaller(List<string> frames, string method) =>
        frames.Any(frame =>
            frame.StartsWith("[async] ", StringComparison.Ordinal) && frame.Contains(method, StringComparison.Ordinal)
        );

    /// <summary>Runs calls until they wait for the gate, and opens it.</summary>
    private async Task RunAsync(Func<Task> calls, bool follows)
    {
        TraceRings.Replace(1 << 20, 2, 2);
        Tracing.Enable("async_*", backtrace: true);
        if (follows)
            AsyncCallers.Start();
        try
        {
            Task all = calls();
            _gate.SetResult();
            await all;
        }
        finally
        {
            AsyncCallers.Stop();
            Tracing.Disable();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task TopAsync()
    {
        await GenericAsync(1);
        GC.KeepAlive(this);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task<T> GenericAsync<T>(T value)
    {
        await OuterAsync();
        return value;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private async ValueTask OtherValueAsync() => await InnerAsync();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task OtherAsync() => await OtherValueAsync();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task OuterAsync()
    {
        await InnerAsync();
        GC.KeepAlive(s_before);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task InnerAsync()
    {
        s_before.Record();
        await _gate.Task.ConfigureAwait(false);
        s_after.Record();
    }

    private static unsafe ulong AddressOf(string name) =>
        (ulong)Tracing.Tracepoints.Single(info => info.Name == name).Descriptor;

    /// <summary>Reads the names of the frames of each tracepoint's newest record, those that have one.</summary>
    private static Dictionary<ulong, List<string>> ReadFrames()
    {
        Dictionary<ulong, List<string>> newest = [];
        foreach ((ulong tracepoint, List<string> frames) in ReadAllFrames())
            newest[tracepoint] = frames;
        return newest;
    }

    /// <summary>Reads the names of the frames of all records, by time.</summary>
    private static List<(ulong Tracepoint, List<string> Frames)> ReadAllFrames()
    {
        CodeSymbol[] symbols =
        [
            .. CodeSymbols.ReadAll(),
            .. AsyncPlaces.List().Select(place => new CodeSymbol(place.Address, 1, place.Name)),
        ];
        List<(ulong Time, ulong Tracepoint, List<string> Frames)> samples = [];
        for (int i = 0; i < TraceRings.Count; i++)
            Copy(i).ForEach(record => Read(record, symbols, samples));

        return [.. samples.OrderBy(sample => sample.Time).Select(sample => (sample.Tracepoint, sample.Frames))];
    }

    private static unsafe RingCopy Copy(int ring) => RingCopy.Take(TraceRings.Get(ring));

    private static int Read(
        ReadOnlySpan<byte> record,
        CodeSymbol[] symbols,
        List<(ulong Time, ulong Tracepoint, List<string> Frames)> samples
    )
    {
        List<string> names = [];
        for (int frame = 0; frame < RecordLayout.BacktraceLength; frame++)
        {
            int place = RecordLayout.HeaderSize + (frame * sizeof(ulong));
            ulong address = BinaryPrimitives.ReadUInt64LittleEndian(record[place..]);
            names.AddRange(
                symbols
                    .Where(symbol => symbol.Address < address && address - symbol.Address <= symbol.Size)
                    .Select(symbol => symbol.Name)
                    .Take(1)
            );
        }

        ulong time = BinaryPrimitives.ReadUInt64LittleEndian(record[RecordLayout.TimeOffset..]);
        samples.Add((time, BinaryPrimitives.ReadUInt64LittleEndian(record), names));
        return RecordLayout.HeaderSize + RecordLayout.BacktraceSize;
    }
}
