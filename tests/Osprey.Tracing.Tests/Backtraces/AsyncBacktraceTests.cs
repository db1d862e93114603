using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Osprey.Tracing.Dumps;
using Osprey.Tracing.Memory;
using Osprey.Tracing.Rings;

namespace Osprey.Tracing.Tests.Backtraces;

/// <summary>Which of an async method's callers a backtrace has.</summary>
public sealed class AsyncBacktraceTests
{
    private static readonly Tracepoint s_before = Tracepoint.Define("async_before");
    private static readonly Tracepoint s_after = Tracepoint.Define("async_after");

    [Fact]
    public async Task Backtrace_HasWhoAwaits_UntilTheFirstWaitOnly()
    {
        TraceRings.Replace(1 << 16, 2, 2);
        Tracing.Enable("async_*", backtrace: true);
        try
        {
            await OuterAsync();
        }
        finally
        {
            Tracing.Disable();
        }

        Dictionary<ulong, List<string>> frames = ReadFrames();
        List<string> before = frames[AddressOf("async_before")];
        Assert.Contains(before, frame => frame.Contains("InnerAsync", StringComparison.Ordinal));
        Assert.Contains(before, frame => frame.Contains("OuterAsync", StringComparison.Ordinal));
        List<string> after = frames[AddressOf("async_after")];
        Assert.Contains(after, frame => frame.Contains("InnerAsync", StringComparison.Ordinal));
        Assert.DoesNotContain(after, frame => frame.Contains("OuterAsync", StringComparison.Ordinal));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task OuterAsync()
    {
        await InnerAsync();
        GC.KeepAlive(s_before);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task InnerAsync()
    {
        s_before.Record();
        await Task.Delay(1).ConfigureAwait(false);
        s_after.Record();
    }

    private static unsafe ulong AddressOf(string name) =>
        (ulong)Tracing.Tracepoints.Single(info => info.Name == name).Descriptor;

    /// <summary>Reads the names of the frames of each tracepoint's record, those that have one.</summary>
    private static unsafe Dictionary<ulong, List<string>> ReadFrames()
    {
        IReadOnlyList<CodeSymbol> symbols = CodeSymbols.ReadAll();
        Dictionary<ulong, List<string>> frames = [];
        for (int i = 0; i < TraceRings.Count; i++)
        {
            RingCopy
                .Take(TraceRings.Get(i))
                .ForEach(record =>
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

                    frames[BinaryPrimitives.ReadUInt64LittleEndian(record)] = names;
                    return RecordLayout.HeaderSize + RecordLayout.BacktraceSize;
                });
        }

        return frames;
    }
}
