using System.Buffers.Binary;
using System.Text;
using Osprey.Session.Traces;
using Osprey.Session.Traces.Rings;
using Osprey.Session.Traces.Rings.Recording;
using Osprey.Symbols;
using Osprey.Tests.Packets;
using Osprey.Traces.Formats.Osvt;
using Osprey.Traces.Formats.Osvt.Recordings;
using Osprey.Traces.Model;

namespace Osprey.Tests.Traces.Rings;

/// <summary>Rings of another process that are read while its threads write numbered samples.</summary>
public sealed class LiveRingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("osprey-test").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [RequiresProgramFact("gcc")]
    public void Record_SamplesOfAllSizesAtASetRate_AreAllThere()
    {
        using var writer = new RingWriter(threads: 3, ringSize: 4 << 20, isMixed: true);
        RecordingResult result = Record(writer, count: 60_000, rate: 100_000, TimeSpan.FromMilliseconds(1));

        using TraceSession trace = TraceSession.Open(result.Path);
        List<ulong>[] numbers = ReadNumbers(trace, cpus: 3);
        long lost = ((OsvtReader)trace.Reader).Recorded.Sum(cpu => cpu.EarlierBytes + cpu.LostBytes);
        foreach (List<ulong> cpu in numbers)
        {
            Assert.Equal(cpu.Order().Distinct(), cpu);
            Assert.True(cpu.Count == 60_000 || lost > 0); // a machine may not let the reader run for long
        }

        Assert.Equal(result.State.Samples, numbers.Sum(cpu => cpu.Count));
    }

    [RequiresProgramFact("gcc")]
    public void Record_WriterFasterThanReader_CountsExactlyTheSamplesThatAreMissing()
    {
        using var writer = new RingWriter(threads: 2, ringSize: 1 << 18, isMixed: false);
        RecordingResult result = Record(writer, count: 400_000, rate: 0, TimeSpan.FromMilliseconds(30));

        using TraceSession trace = TraceSession.Open(result.Path);
        List<ulong>[] numbers = ReadNumbers(trace, cpus: 2);
        IReadOnlyList<RecordedCpu> cpus = ((OsvtReader)trace.Reader).Recorded;
        for (int cpu = 0; cpu < 2; cpu++)
        {
            Assert.Equal(numbers[cpu].Order().Distinct(), numbers[cpu]);
            long lost = cpus[cpu].EarlierSamples + cpus[cpu].LostSamples;
            Assert.Equal(400_000, numbers[cpu].Count + lost);
            Assert.NotEqual(0, lost);
            Assert.Equal(399_999UL, numbers[cpu][^1]);
        }
    }

    [RequiresProgramFact("gcc")]
    public void Record_WriterOfAllSizesFasterThanReader_LostBytesAreThoseOfTheMissingSamples()
    {
        using var writer = new RingWriter(threads: 2, ringSize: 1 << 18, isMixed: true);
        RecordingResult result = Record(writer, count: 200_000, rate: 0, TimeSpan.FromMilliseconds(30));

        using TraceSession trace = TraceSession.Open(result.Path);
        List<ulong>[] numbers = ReadNumbers(trace, cpus: 2);
        long[] places = PlacesOfMixedSamples(200_000);
        foreach (RecordedCpu cpu in ((OsvtReader)trace.Reader).Recorded)
        {
            List<ulong> own = numbers[(int)cpu.Cpu];
            long bytes = 0;
            for (int i = 0; i < own.Count; i++)
            {
                long end = i == 0 ? 0 : places[(int)own[i - 1]] + SizeOfMixedSample((int)own[i - 1]);
                if (i == 0 ? own[i] != 0 : own[i] != own[i - 1] + 1)
                    bytes += places[(int)own[i]] - end;
            }

            long lost = cpu.EarlierBytes + cpu.LostBytes;
            Assert.NotEqual(0, lost);
            // The unused end of the page before a gap may count or not.
            Assert.InRange(lost, bytes - (cpu.Gaps * 4096), bytes);
        }
    }

    [RequiresProgramFact("gcc")]
    public void ReadRound_SampleThatIsUnfinished_IsReadOnceItIsFinished()
    {
        using var writer = new RingWriter(threads: 1, ringSize: 1 << 18, isMixed: true);
        writer.BeginWriting(10, 0);
        writer.WaitForDone();
        writer.Do("begin");
        var live = new LiveSamples(new GuestRings(writer.Find, writer.Read, startsAtNewest: false));
        var numbers = new List<ulong>();
        void Take(in TraceEvent sample) => numbers.Add(NumberOf(sample));

        for (int round = 0; round < 4; round++)
            live.Read(Take, _ => { });

        Assert.Empty(numbers); // what is younger than an unfinished sample waits for it

        writer.Do("end");
        live.Finish(Take, _ => { });

        Assert.Equal(Enumerable.Range(0, 11).Select(number => (ulong)number), numbers);
    }

    [RequiresProgramFact("gcc")]
    public void Record_MaxSizeAndRotation_KeepsNewestFilesEachWhole()
    {
        using var writer = new RingWriter(threads: 1, ringSize: 1 << 20, isMixed: false);
        RecordingResult result = Record(
            writer,
            count: 60_000,
            rate: 60_000,
            TimeSpan.FromMilliseconds(1),
            request => request with { MaxSize = 300_000, Rotate = 3 }
        );

        Assert.Equal(3, result.Files.Count);
        ulong? next = null;
        foreach (string file in result.Files.Reverse())
        {
            using TraceSession trace = TraceSession.Open(file);
            List<ulong> numbers = ReadNumbers(trace, cpus: 1)[0];
            Assert.Null(trace.Reader.Stats.Damage);
            if (numbers.Count == 0)
                continue;

            Assert.True(next is null || numbers[0] >= next);
            next = numbers[^1] + 1;
        }

        Assert.Equal(60_000UL, next);
    }

    private RecordingResult Record(
        RingWriter writer,
        long count,
        long rate,
        TimeSpan pause,
        Func<RecordingRequest, RecordingRequest>? change = null
    )
    {
        var rings = new GuestRings(writer.Find, writer.Read, startsAtNewest: false);
        using var symbols = new Symbolizer();
        var recorder = new TraceRecorder(
            rings,
            () => new RecordingFacts("ringwriter", "test", "", "record", rings.CpuCount),
            () => [],
            symbols
        );
        var request = new RecordingRequest(Path.Combine(_folder, "recording")) { LeastPause = pause };
        using var end = new CancellationTokenSource();
        writer.BeginWriting(count, rate);
        Task waiting = Task.Run(() =>
        {
            writer.WaitForDone();
            end.Cancel();
        });
        RecordingResult result = recorder.Run(change?.Invoke(request) ?? request, null, end.Token);
        waiting.GetAwaiter().GetResult();
        return result;
    }

    /// <summary>Reads the numbers of the samples of each CPU, and checks all else that they hold.</summary>
    private static List<ulong>[] ReadNumbers(TraceSession trace, int cpus)
    {
        List<ulong>[] numbers = [.. Enumerable.Range(0, cpus).Select(_ => new List<ulong>())];
        var batch = new SampleBatch();
        ulong time = 0;
        while (trace.Reader.Read(batch))
        {
            for (int i = 0; i < batch.Count; i++)
            {
                TraceEvent sample = batch[i];
                Check(sample, trace.Reader.Tracepoints[sample.Tracepoint]);
                Assert.True(sample.Time >= time);
                time = sample.Time;
                numbers[(int)sample.Cpu].Add(NumberOf(sample));
            }
        }

        return numbers;
    }

    private static void Check(in TraceEvent sample, Tracepoint tracepoint)
    {
        ulong number = NumberOf(sample);
        Assert.Equal($"writer {sample.Cpu}", Encoding.UTF8.GetString(sample.ThreadName));
        if (sample.HasBacktrace)
            Assert.Equal((int)(1 + (number % 10)), sample.Backtrace.Length);

        var arguments = new PayloadArguments(tracepoint.Layout!, sample.Payload);
        if (tracepoint.Name == "text")
        {
            Assert.Equal($"sample {number}", Encoding.UTF8.GetString(arguments.GetBytes(1)));
            Assert.Equal(-(long)(number % 1000), arguments.GetInteger(2));
        }
        else if (tracepoint.Name == "blob")
        {
            Assert.Equal((int)(number % 101), arguments.GetBytes(1).Length);
            Assert.Equal(-1, arguments.GetBytes(1).IndexOfAnyExcept((byte)(number & 0xff)));
        }
    }

    private static ulong NumberOf(in TraceEvent sample) => BinaryPrimitives.ReadUInt64LittleEndian(sample.Payload);

    private static int SizeOfMixedSample(int number)
    {
        int payload = (number % 3) switch
        {
            0 => 8,
            1 => 64,
            _ => 10 + (number % 101),
        };
        return (48 + (number % 5 == 0 ? 80 : 0) + payload + 7) & ~7;
    }

    private static long[] PlacesOfMixedSamples(int count)
    {
        long[] places = new long[count];
        long at = 0;
        for (int number = 0; number < count; number++)
        {
            int size = SizeOfMixedSample(number);
            if (at / 4096 != (at + size - 1) / 4096)
                at = (at + 4095) / 4096 * 4096;

            places[number] = at;
            at += size;
        }

        return places;
    }
}
