using System.Text;
using Osprey.Traces.Model;

namespace Osprey.Tests.Traces.Model;

public sealed class SampleBatchTests
{
    private readonly TracepointTable _tracepoints = new();
    private readonly SampleBatch _batch = new();

    [Fact]
    public void Add_AllFields_AreReadBackByMeaning()
    {
        Tracepoint plain = Define("plain", "");
        Tracepoint number = Define("number", "q");
        _batch.Add(
            new SampleFields
            {
                Tracepoint = number,
                Thread = 7,
                ThreadName = "worker"u8,
                Time = 1234,
                Cpu = 3,
                Backtrace = [10, 0, 20],
                Payload = [1, 2, 3, 4, 5, 6, 7, 8],
            }
        );
        _batch.Add(new SampleFields { Tracepoint = plain });

        Assert.Equal(
            ["number 101 7 worker 1234 3 [10 20] 0102030405060708", "plain 100 0  0 4294967295 [] "],
            [Describe(0), Describe(1)]
        );
    }

    [Fact]
    public void Add_MoreThanFits_GrowsAndSaysThatItIsFull()
    {
        Tracepoint bytes = Define("bytes", "*");
        byte[] payload = [0xff, 0xff, .. new byte[0xffff]];
        int count = 0;
        for (; !_batch.IsFull; count++)
            _batch.Add(
                new SampleFields
                {
                    Tracepoint = bytes,
                    Time = (ulong)count,
                    Payload = payload,
                }
            );

        Assert.Equal(count, _batch.Count);
        Assert.Equal((ulong)count - 1, _batch[count - 1].Time);
        Assert.Equal(payload.Length, _batch[count - 1].Payload.Length);

        _batch.Clear();
        Assert.Equal((0, false), (_batch.Count, _batch.IsFull));
    }

    [Theory]
    [InlineData("sixteen-bytes-16", "sixteen-bytes-16")]
    [InlineData("seventeen-bytes-7", "seventeen-bytes-")]
    [InlineData("a-cut-letter--\u20ac", "a-cut-letter--")]
    [InlineData("whole-letter-\u20ac-", "whole-letter-\u20ac")]
    public void Add_LongThreadName_IsCutBehindAWholeCharacter(string name, string kept)
    {
        _batch.Add(new SampleFields { Tracepoint = Define("plain", ""), ThreadName = Encoding.UTF8.GetBytes(name) });

        Assert.Equal(kept, Encoding.UTF8.GetString(_batch[0].ThreadName));
    }

    [Theory]
    [InlineData("q", 7)]
    [InlineData("q", 9)]
    [InlineData("", 1)]
    [InlineData("x", 0)] // no signature
    public void Add_PayloadOfAnotherLayout_IsRefused(string signature, int size)
    {
        Tracepoint tracepoint = Define("odd", signature);

        Assert.Throws<ArgumentException>(() =>
            _batch.Add(new SampleFields { Tracepoint = tracepoint, Payload = new byte[size] })
        );
        Assert.Equal(0, _batch.Count);
    }

    private Tracepoint Define(string name, string signature) =>
        _tracepoints.Add(
            100UL + (ulong)_tracepoints.Count,
            Encoding.ASCII.GetBytes(name),
            Encoding.ASCII.GetBytes(signature),
            ""u8
        );

    private string Describe(int index)
    {
        TraceEvent sample = _batch[index];
        return $"{_tracepoints[sample.Tracepoint].Name} {sample.Key} {sample.Thread} "
            + $"{Encoding.ASCII.GetString(sample.ThreadName)} {sample.Time} {sample.Cpu} "
            + $"[{string.Join(' ', sample.Backtrace.ToArray())}] {Convert.ToHexString(sample.Payload)}";
    }
}
