using Osprey.Tests.Builders.Traces;
using Osprey.Traces.Formats;
using Osprey.Traces.Formats.Tracefile;
using Osprey.Traces.Model;

namespace Osprey.Tests.Traces.Formats.Tracefile;

public sealed class TracefileWriterTests
{
    [Fact]
    public void Write_WhatWasRead_IsTheSameTrace()
    {
        byte[] file = SmallTraces.Tracefile();

        byte[] written = ReadTrace.From(file).Write();

        Assert.Equal(file, written);
        Assert.Equal(written, ReadTrace.From(written).Write());
    }

    [Fact]
    public void Write_Dump_IsTheTracefileOfTheSameSamples() =>
        Assert.Equal(SmallTraces.Tracefile(), ReadTrace.From(SmallTraces.Dump()).Write());

    [Fact]
    public void Write_DictionaryInAnyOrder_GivesTheSameBytes()
    {
        BuiltSample[] samples = SmallTraces.Samples;
        byte[] Build(IEnumerable<BuiltTracepoint> tracepoints)
        {
            var builder = new TracefileBuilder();
            foreach (BuiltTracepoint tracepoint in tracepoints)
                builder.Define(tracepoint.Name, tracepoint.Signature, tracepoint.Format, tracepoint.Key);

            foreach (BuiltSample sample in samples)
                builder.Add(sample);

            return builder.Build();
        }

        byte[] forward = Build(SmallTraces.Tracepoints);
        byte[] backward = Build(SmallTraces.Tracepoints.Reverse());

        Assert.NotEqual(forward, backward);
        Assert.Equal(ReadTrace.From(forward).Write(), ReadTrace.From(backward).Write());
    }

    [Fact]
    public void Write_BytesThatAreNotUtf8_StayAsTheyAre()
    {
        var builder = new TracefileBuilder();
        BuiltTracepoint text = builder.Define("text", "p", "%s");
        builder.Add(new BuiltSample(text) { Arguments = [new byte[] { 0xc3 }] });
        byte[] file = builder.Build();
        file[22] = 0xff; // in the tracepoint's name

        ReadTrace trace = ReadTrace.From(file);

        Assert.Equal("\ufffdext", trace.Reader.Tracepoints[0].Name);
        Assert.Equal(file, trace.Write());
    }

    [Fact]
    public void WriteFields_AnySample_HasTheBytesOfTheFile()
    {
        using TraceReader reader = TraceFormats.Standard.Open(
            TraceInput.FromStream("trace", new PipeStream(SmallTraces.Tracefile()))
        );
        var batch = new SampleBatch();
        int count = 0;
        while (reader.Read(batch))
        {
            for (int i = 0; i < batch.Count; i++, count++)
            {
                byte[] byFields = new byte[TracefileLayout.SizeOf(batch[i])];
                TracefileLayout.WriteFields(byFields, batch[i]);

                byte[] written = new byte[byFields.Length];
                TracefileLayout.Write(written, batch[i]);
                Assert.Equal(byFields, written);
            }
        }

        Assert.Equal(SmallTraces.Samples.Length, count);
    }
}
