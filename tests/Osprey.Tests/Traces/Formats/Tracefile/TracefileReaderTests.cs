using System.Text;
using Osprey.Binary;
using Osprey.Tests.Builders.Traces;

namespace Osprey.Tests.Traces.Formats.Tracefile;

public sealed class TracefileReaderTests
{
    [Fact]
    public void WorkedExample_OfTheFormat_IsWhatTheBuilderMakes()
    {
        byte[] expected = WorkedExample();

        ReadTrace trace = ReadTrace.From(expected);

        Assert.Equal(181, expected.Length);
        Assert.Equal(
            [
                "9265804 1 ffff800000a01040 init vfs_open [40331149 40338825] 062f68656c6c6f"
                    + new string('0', 86)
                    + "0000"
                    + "00000000a4010000",
            ],
            trace.Lines
        );
        Assert.Equal(expected, trace.Write());
        var builder = new TracefileBuilder();
        BuiltTracepoint open = builder.Define("vfs_open", "piI", "\"%s\" 0x%x 0%0o", 0x40601080);
        builder.Add(
            new BuiltSample(open)
            {
                Time = 9265804,
                Cpu = 1,
                Backtrace = [0x40331149, 0x40338825],
                Arguments = ["/hello", 0, 420u],
            }
        );
        Assert.Equal(expected, builder.Build());
    }

    [Fact]
    public void Version1And2_ReadAsVersion3()
    {
        string[] expected = [.. ReadTrace.From(SmallTraces.Tracefile()).Lines];

        Assert.Equal(5, expected.Length);
        Assert.Equal(expected, ReadTrace.From(SmallTraces.Tracefile(2)).Lines);
        string[] nameless =
        [
            .. expected.Select(
                (line, i) => line.Replace($" {SmallTraces.Samples[i].ThreadName} ", "  ", StringComparison.Ordinal)
            ),
        ];
        Assert.Equal(nameless, ReadTrace.From(SmallTraces.Tracefile(1)).Lines);
    }

    [Fact]
    public void FormatName_OfEachVersion_NamesIt() =>
        Assert.Equal(
            ["tracefile version 1", "tracefile version 2", "tracefile version 3"],
            new[] { 1, 2, 3 }.Select(version => ReadTrace.From(SmallTraces.Tracefile(version)).Reader.FormatName)
        );

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void CutAtEveryByte_KeepsTheSamplesBefore(int version)
    {
        byte[] whole = SmallTraces.Tracefile(version);
        ReadTrace all = ReadTrace.From(whole);
        var builder = new TracefileBuilder(version);
        int[] sizes = [.. SmallTraces.Samples.Select(sample => builder.Encode(sample).Length)];
        int dictionary = whole.Length - sizes.Sum();
        for (int length = 1; length < whole.Length; length++)
        {
            byte[] cut = whole[..length];
            if (length < dictionary)
            {
                Assert.Throws<BadDataException>(() => ReadTrace.From(cut));
                continue;
            }

            int kept = 0;
            int start = dictionary;
            while (kept < sizes.Length && start + sizes[kept] <= length)
                start += sizes[kept++];

            ReadTrace trace = ReadTrace.From(cut);
            Assert.Equal(all.Lines.Take(kept), trace.Lines);
            string? damage =
                length == start
                    ? null
                    : $"trace+0x{start:x}: the file ends inside a sample, after {length - start} bytes of it";
            Assert.Equal(damage, trace.Damage);
            Assert.Equal(length - start, trace.Reader.Stats[Osprey.Traces.Model.LossKind.TruncatedBytes]);
        }
    }

    [Fact]
    public void UnknownKey_EndsTheReadablePart()
    {
        var builder = new TracefileBuilder();
        builder.Add("a", 1).Add("b", 2);
        BuiltSample stranger = new(new BuiltTracepoint(0xdead, "c")) { Time = 3 };
        byte[] file = [.. builder.Build(), .. builder.Encode(stranger), .. builder.Encode(builder.Samples[0])];

        ReadTrace trace = ReadTrace.From(file);

        Assert.Equal(2, trace.Lines.Count);
        Assert.Equal(
            $"trace+0x{builder.Build().Length:x}: a sample of unknown tracepoint 0xdead, which "
                + "the dictionary of 2 lacks",
            trace.Damage
        );
    }

    [Theory]
    [InlineData(3UL)]
    [InlineData(1_000_000UL)]
    [InlineData(1_000_001UL)]
    [InlineData(ulong.MaxValue)]
    public void DeclaredCount_BeyondTheFile_IsRefused(ulong count)
    {
        var builder = new TracefileBuilder { DeclaredCount = count };
        builder.Add("a", 1).Add("b", 2);

        BadDataException exception = Assert.Throws<BadDataException>(() => ReadTrace.From(builder.Build()));

        Assert.Equal("trace", exception.DataSource);
    }

    [Fact]
    public void EndlessBacktrace_IsDamageInBoundedMemory()
    {
        var builder = new TracefileBuilder();
        builder.Add("a", 1);
        byte[] header = builder.Encode(builder.Samples[0])[..44];
        byte[] file = [.. builder.Build(), .. header, .. Enumerable.Repeat((byte)1, 1 << 20)];

        ReadTrace trace = ReadTrace.From(file);

        Assert.Single(trace.Lines);
        Assert.Equal($"trace+0x{builder.Build().Length:x}: a backtrace of over 4096 frames", trace.Damage);
    }

    [Theory]
    [InlineData("z", "signature 'z' has no known type at character 0")]
    [InlineData("i5", "signature 'i5' has no known type at character 2")]
    [InlineData("999999999999i", "signature '999999999999i' has a field of over 256 bytes")]
    [InlineData("3i", "signature '3i' has no known type at character 1")]
    [InlineData("<i", "signature '<i' has no known type at character 0")]
    public void Signature_NotUnderstood_IsDamageAtItsFirstSample(string signature, string problem)
    {
        var builder = new TracefileBuilder();
        builder.Add("a", 1);
        BuiltTracepoint odd = builder.Define("odd", signature);
        int start = builder.Build().Length;
        builder.Add(new BuiltSample(odd) { Time = 2 });

        ReadTrace trace = ReadTrace.From(builder.Build());

        Assert.Single(trace.Lines);
        Assert.Equal($"trace+0x{start:x}: a sample of odd: {problem}", trace.Damage);
    }

    [Fact]
    public void Text_LongerThanItsField_IsHeldToIt()
    {
        var builder = new TracefileBuilder();
        BuiltTracepoint text = builder.Define("text", "p", "%s");
        byte[] sample = builder.Encode(new BuiltSample(text) { Arguments = [new string('x', 49)] });
        sample[^50] = 200;

        ReadTrace trace = ReadTrace.From([.. builder.Build(), .. sample]);

        var arguments = new Osprey.Traces.Model.PayloadArguments(
            trace.Reader.Tracepoints[0].Layout!,
            trace.Samples[0].AsSpan(52)
        );
        Assert.Equal(new string('x', 49), Encoding.UTF8.GetString(arguments.GetBytes(0)));
    }

    [Fact]
    public void EqualNames_WithDifferentKeys_StayApart()
    {
        var builder = new TracefileBuilder();
        BuiltTracepoint one = builder.Define("same", "i", "%d", 0x10);
        BuiltTracepoint other = builder.Define("same", "q", "%x", 0x20);
        builder.Add(new BuiltSample(one) { Arguments = [1] }).Add(new BuiltSample(other) { Arguments = [2] });

        ReadTrace trace = ReadTrace.From(builder.Build());

        Assert.Equal(
            ["0 0 ffff800000a01040 init same [] 01000000", "0 0 ffff800000a01040 init same [] 0200000000000000"],
            trace.Lines
        );
    }

    /// <summary>Section 2.2 of the description of the format.</summary>
    private static byte[] WorkedExample() =>
        Convert.FromHexString(
            "03000000"
                + "0100000000000000"
                + "8010604000000000"
                + "08007666735f6f70656e"
                + "05003530706949"
                + "0e002225732220307825782030253"
                + "06f"
                + "8010604000000000"
                + "4010a0000080ffff"
                + "696e6974"
                + new string('0', 24)
                + "8c628d0000000000"
                + "01000000"
                + "4911334000000000"
                + "2588334000000000"
                + "0000000000000000"
                + "062f68656c6c6f"
                + new string('0', 86)
                + "0000"
                + "00000000"
                + "a4010000"
        );
}
