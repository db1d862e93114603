using System.Text;
using Osprey.Symbols;
using Osprey.Tests.Cli;
using Osprey.Traces.Formats;
using Osprey.Traces.Formats.Osvt;
using Osprey.Traces.Formats.Osvt.Recordings;
using Osprey.Traces.Model;

namespace Osprey.Tests.Probes;

/// <summary>Tests recordings of samples that no ring had, and two of them on one time line.</summary>
public sealed class TraceMergeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("osprey-merge-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Recorder_OfTextsOfAnySize_IsReadAgain()
    {
        string path = Write(
            "a",
            "",
            ("p:text", "256pIp3p", 5, 0, new string('x', 255)),
            ("p:text", "256pIp3p", 6, 1, "ö")
        );
        using TraceInput input = TraceInput.OpenFile(path);
        using TraceReader reader = TraceFormats.Standard.Open(input, new TraceReadOptions());
        Tracepoint tracepoint = Assert.Single(reader.Tracepoints.All);
        Assert.Equal("256pI50p3p", tracepoint.Signature);
        var batch = new SampleBatch();
        Assert.True(reader.Read(batch));
        Assert.Equal(2, batch.Count);
        var arguments = new PayloadArguments(tracepoint.Layout!, batch[0].Payload);
        Assert.Equal(new string('x', 255), Encoding.UTF8.GetString(arguments.GetBytes(0)));
        Assert.Equal([0x11UL, 0x12UL], batch[0].Backtrace.ToArray());
        Assert.Equal((6UL, 1U, "thread"), (batch[1].Time, batch[1].Cpu, Encoding.UTF8.GetString(batch[1].ThreadName)));
        var frames = new List<SymbolFrame>();
        Assert.True(((OsvtReader)reader).ReadNames()!.TryResolve(0x10, frames));
        Assert.Equal("function16", frames[0].Name);
    }

    [Fact]
    public void Recorder_WithLosses_CountsThem()
    {
        string path = Path.Combine(_folder, "lost");
        using (FileStream file = File.Create(path))
        {
            var recorder = new SampleRecorder(file.SafeFileHandle, Facts(""), 1, null);
            recorder.AddLoss(0, 3);
            recorder.AddLoss(0, 4);
            recorder.Flush();
        }

        using TraceInput input = TraceInput.OpenFile(path);
        using TraceReader reader = TraceFormats.Standard.Open(input, new TraceReadOptions());
        Assert.Equal(7, reader.Stats[LossKind.OverwrittenSamples]);
    }

    [Fact]
    public void Merge_OfOneClock_IsInOrderOfTime_WithSourcesMarked()
    {
        string a = Write("a", "clock 1", ("vfs_open", "I", 10, 0, ""), ("vfs_open_ret", "I", 30, 0, ""));
        string b = Write("host", "clock 1", ("p:q__start", "I", 20, 0, ""), ("p:q__done", "I", 25, 0, ""));
        string output = Path.Combine(_folder, "both");
        CommandRun run = CommandRun.Of("trace", "merge", a, b, "-o", output);
        Assert.Equal(
            (0, $"osprey: {output}: 2 samples of {a}, 2 of {b} (as host:…, CPUs from 1 on, 0 s added)\n"),
            (run.ExitCode, run.Messages)
        );
        Assert.Equal(
            [
                "vfs_open 0.000000010 0 7",
                "host:p:q__start 0.000000020 1 7",
                "host:p:q__done 0.000000025 1 7",
                "vfs_open_ret 0.000000030 0 7",
            ],
            List(output)
        );
        // Pairs are found in both, and addresses keep their names.
        string timed = CommandRun.Trace("list-timed", output);
        Assert.Contains("vfs_open ", timed);
        Assert.Contains("host:p:q__start ", timed);
        Assert.Contains("function16", CommandRun.Trace("prof", output));
    }

    [Fact]
    public void Merge_ByAnOffset_MovesTheSecond()
    {
        string a = Write("a", "", ("x", "I", 1_000_000_000, 0, ""));
        string b = Write("b", "other", ("y", "I", 2_500_000_000, 0, ""), ("y", "I", 1_000_000_000, 0, ""));
        string output = Path.Combine(_folder, "both");
        CommandRun run = CommandRun.Of(
            "trace",
            "merge",
            a,
            b,
            "-o",
            output,
            "--offset",
            "-2",
            "--label",
            "B",
            "--json"
        );
        Assert.Equal(
            (1, $"osprey: 1 samples of {b} would lie before time 0: left out\n"),
            (run.ExitCode, run.Messages)
        );
        Assert.Equal(
            $$"""{"output":"{{output}}","samplesA":1,"samplesB":1,"offset":-2000000000,"firstCpuB":1,"beforeZero":1}"""
                + "\n",
            run.Text
        );
        Assert.Equal(["B:y 0.500000000 1 7", "x 1.000000000 0 7"], List(output));
    }

    /// <summary>Each says what its clock shows beside the host's, as a recording of a guest does.</summary>
    [Fact]
    public void Merge_OfClocksThatKnowAThirdOne_MovesTheSecond()
    {
        string guest = Write("guest", "", new RecordedClock("host", 5000), ("x", "I", 10, 0, ""));
        string other = Write("other", "", new RecordedClock("host", 4000), ("y", "I", 2000, 0, ""));
        string host = Write("host", "host", ("z", "I", 5020, 0, ""));
        string two = Path.Combine(_folder, "two");
        Assert.Equal(0, CommandRun.Of("trace", "merge", guest, other, "-o", two).ExitCode);
        Assert.Equal(["x 0.000000010 0 7", "other:y 0.000001000 1 7"], List(two));
        string three = Path.Combine(_folder, "three");
        Assert.Equal(0, CommandRun.Of("trace", "merge", two, host, "-o", three).ExitCode);
        Assert.Equal(["x 0.000000010 0 7", "host:z 0.000000020 2 7", "other:y 0.000001000 1 7"], List(three));
        Assert.Equal(0, CommandRun.Of("trace", "merge", host, guest, "-o", two).ExitCode);
        Assert.Equal(["guest:x 0.000005010 1 7", "z 0.000005020 0 7"], List(two));
    }

    /// <summary>A chunk that is cut, or too large, is one warning, and no clock.</summary>
    [Fact]
    public void Clock_ThatIsDamaged_IsNone()
    {
        string path = Write("guest", "", new RecordedClock(new string('x', 40_000), -1), ("x", "I", 10, 0, ""));
        byte[] bytes = File.ReadAllBytes(path);
        int at = bytes.AsSpan().IndexOf("CPSO"u8);
        Assert.True(at > 0);
        foreach (int size in (int[])[0, 7, 8, 9, 39_000])
        {
            byte[] damaged = [.. bytes];
            BitConverter.TryWriteBytes(damaged.AsSpan(at + 8), (long)size);
            using OsvtReader reader = Read(damaged);
            Assert.Null(reader.Clock);
        }

        using OsvtReader whole = Read(bytes);
        Assert.Equal(new RecordedClock(new string('x', 40_000), -1), whole.Clock);

        static OsvtReader Read(byte[] file) =>
            (OsvtReader)
                TraceFormats.Standard.Open(
                    TraceInput.FromStream("damaged", new MemoryStream(file)),
                    new TraceReadOptions()
                );
    }

    [Fact]
    public void Merge_OfUnknownClocks_AsksForAnOffset()
    {
        string a = Write("a", "clock 1", ("x", "I", 1, 0, ""));
        string b = Write("b", "clock 2", ("y", "I", 2, 0, ""));
        CommandRun run = CommandRun.Of("trace", "merge", a, b, "-o", Path.Combine(_folder, "both"));
        Assert.Equal(
            (
                1,
                "osprey: the traces do not say how their clocks are to each other; say by --offset what is to be added "
                    + $"to the times of {b}\n"
            ),
            (run.ExitCode, run.Messages)
        );
        Assert.False(File.Exists(Path.Combine(_folder, "both")));
        run = CommandRun.Of("trace", "merge", a, b, "-o", a, "--offset", "0");
        Assert.Equal((1, $"osprey: cannot write to {a}: it is an input\n"), (run.ExitCode, run.Messages));
        Assert.Equal(2, CommandRun.Of("trace", "merge", a).ExitCode);
        Assert.Equal(2, CommandRun.Of("trace", "merge", a, "-").ExitCode);
        Assert.Equal(2, CommandRun.Of("trace", "merge", a, b, "--offset", "soon").ExitCode);
    }

    private static List<string> List(string path)
    {
        using TraceInput input = TraceInput.OpenFile(path);
        using TraceReader reader = TraceFormats.Standard.Open(input, new TraceReadOptions());
        var batch = new SampleBatch();
        var lines = new List<string>();
        while (reader.Read(batch))
        {
            for (int i = 0; i < batch.Count; i++)
            {
                TraceEvent sample = batch[i];
                Tracepoint tracepoint = reader.Tracepoints[sample.Tracepoint];
                long value = new PayloadArguments(tracepoint.Layout!, sample.Payload).GetInteger(0);
                lines.Add(
                    FormattableString.Invariant($"{tracepoint.Name} {sample.Time / 1e9m:F9} {sample.Cpu} {value}")
                );
            }
        }

        return lines;
    }

    private static RecordingFacts Facts(string clock) => new("test", "", "", "test", 0) { Clock = clock };

    private string Write(
        string name,
        string clock,
        params (string Name, string Signature, ulong Time, uint Cpu, string Text)[] samples
    ) => Write(name, clock, null, samples);

    private string Write(
        string name,
        string clock,
        RecordedClock? other,
        params (string Name, string Signature, ulong Time, uint Cpu, string Text)[] samples
    )
    {
        string path = Path.Combine(_folder, name);
        using FileStream file = File.Create(path);
        var recorder = new SampleRecorder(file.SafeFileHandle, Facts(clock), 2, new NumberNames());
        var tracepoints = new Dictionary<string, Tracepoint>();
        var payload = new PayloadBuilder();
        foreach ((string tracepoint, string signature, ulong time, uint cpu, string text) in samples)
        {
            if (!tracepoints.TryGetValue(tracepoint, out Tracepoint? known))
                tracepoints[tracepoint] = known = recorder.AddTracepoint(
                    (ulong)tracepoints.Count + 1,
                    Encoding.UTF8.GetBytes(tracepoint),
                    Encoding.UTF8.GetBytes(signature),
                    signature == "I" ? "value=%u"u8 : "a=%s b=%u c=%s d=%s"u8
                );

            payload.Start(known.Layout!);
            foreach (PayloadField field in known.Layout!.Fields)
            {
                if (field.Type == ArgumentType.Text)
                    payload.AddBytes(Encoding.UTF8.GetBytes(text));
                else
                    payload.AddInteger(7);
            }

            recorder.Add(
                (int)cpu,
                new SampleFields
                {
                    Tracepoint = known,
                    Thread = 1,
                    ThreadName = "thread"u8,
                    Time = time,
                    Cpu = cpu,
                    Backtrace = [0x11, 0x12, 0x13],
                    Payload = payload.Finish(),
                }
            );
        }

        if (other is not null)
            recorder.Add(other);

        recorder.Flush();
        return path;
    }

    private sealed class NumberNames : ISymbolSource
    {
        public bool TryResolve(ulong address, List<SymbolFrame> frames)
        {
            frames.Add(new SymbolFrame(address, $"function{address}"));
            return true;
        }
    }
}
