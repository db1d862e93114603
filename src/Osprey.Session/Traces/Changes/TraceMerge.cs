using System.Globalization;
using System.Text;
using Osprey.Session.Answers;
using Osprey.Session.Traces.Names;
using Osprey.Symbols;
using Osprey.Traces.Formats.Osvt;
using Osprey.Traces.Formats.Osvt.Recordings;
using Osprey.Traces.Model;

namespace Osprey.Session.Traces.Changes;

// Two traces of different sources, such as a guest and the QEMU that runs it, on one time line. The first keeps its
// names, so that all analyses know its tracepoints as before; those of the second get a label in front, and its CPUs
// numbers behind those of the first, since "CPU 0" of a guest is not that of the host. Both are read twice: a recording
// has room for the same number of frames in each sample, and only the whole trace tells how many that must be.

/// <summary>Merges two traces into one recording.</summary>
public static class TraceMerge
{
    private const int MaxFrames = 256;
    private const int MaxStreams = 1000; // a reader takes 1024

    /// <summary>Merges two traces.</summary>
    /// <param name="openA">Opens the first trace; called twice.</param>
    /// <param name="openB">Opens the second trace; called twice.</param>
    /// <param name="request">How.</param>
    /// <param name="report">Called with each trace when it was read to its end.</param>
    /// <param name="context">Ends it early.</param>
    /// <exception cref="MergeException">The traces know no common clock, and no offset was given.</exception>
    public static MergeResult Run(
        Func<TraceSession> openA,
        Func<TraceSession> openB,
        MergeRequest request,
        Action<TraceSession> report,
        QuestionContext context
    )
    {
        (int framesA, int cpusA, OsvtReader? readerA) = Measure(openA, context);
        (int framesB, int cpusB, OsvtReader? readerB) = Measure(openB, context);
        RecordedClock? clock = ClockOf(readerA);
        long offset = request.Offset ?? FindOffset(clock, ClockOf(readerB));
        using TraceSession a = openA();
        using TraceSession b = openB();
        using SymbolSession namesA = SymbolSession.Open(new SymbolSettings(), a);
        using SymbolSession namesB = SymbolSession.Open(new SymbolSettings(), b);
        using ReplacedFile file = ReplacedFile.Create(
            request.OutputPath,
            new[] { a, b }.Where(trace => trace.IsFile).Select(trace => trace.Path)
        );
        var recorder = new SampleRecorder(
            ((FileStream)file.Stream).SafeFileHandle,
            new RecordingFacts(
                "two sources",
                string.Create(CultureInfo.InvariantCulture, $"{a.Path} and {b.Path}"),
                DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
                "merge",
                cpusA + cpusB
            )
            {
                Clock = readerA?.Facts?.Clock ?? "",
            },
            Math.Clamp(Math.Max(framesA, framesB), 1, MaxFrames),
            new BothNames(namesA.Source, namesB.Source)
        );
        bool isByCpu = cpusA + cpusB <= MaxStreams;
        if (readerA?.Clock is { } other)
            recorder.Add(other);

        var first = new Source(a, recorder, "", 0, 0, isByCpu ? null : 0);
        var second = new Source(b, recorder, request.Label + ":", offset, cpusA, isByCpu ? null : 1);
        first.MoveNext();
        second.MoveNext();
        for (long i = 0; first.HasSample || second.HasSample; i++)
        {
            if ((i & 0xffff) == 0)
                context.Cancellation.ThrowIfCancellationRequested();

            Source next = !second.HasSample || (first.HasSample && first.Time <= second.Time) ? first : second;
            next.Write();
            next.MoveNext();
        }

        recorder.Flush();
        file.Finish();
        report(a);
        report(b);
        return new MergeResult(request.OutputPath, first.Count, second.Count, offset, cpusA, second.BeforeZero);
    }

    /// <summary>What the clocks of both say about each other, by a third one that both know.</summary>
    private static long FindOffset(RecordedClock? a, RecordedClock? b)
    {
        Int128 offset = (Int128)(b?.Offset ?? 0) - (a?.Offset ?? 0);
        return a is not null && a.Name == b?.Name && offset >= long.MinValue && offset <= long.MaxValue
            ? (long)offset
            : throw new MergeException("the traces do not say how their clocks are to each other");
    }

    /// <summary>The clock of a recording, or what it says of another one; null when it says nothing.</summary>
    private static RecordedClock? ClockOf(OsvtReader? reader) =>
        reader?.Facts?.Clock is { Length: > 0 } name ? new RecordedClock(name, 0) : reader?.Clock;

    private static (int Frames, int Cpus, OsvtReader? Reader) Measure(Func<TraceSession> open, QuestionContext context)
    {
        using TraceSession trace = open();
        int frames = 0;
        uint cpus = 0;
        var batch = new SampleBatch();
        while (trace.Reader.Read(batch))
        {
            context.Cancellation.ThrowIfCancellationRequested();
            for (int i = 0; i < batch.Count; i++)
            {
                TraceEvent sample = batch[i];
                frames = Math.Max(frames, sample.HasBacktrace ? sample.Backtrace.Length : 0);
                if (sample.Cpu < int.MaxValue)
                    cpus = Math.Max(cpus, sample.Cpu + 1);
            }
        }

        return (frames, (int)cpus, trace.Reader as OsvtReader);
    }

    /// <summary>One of the traces, sample by sample.</summary>
    private sealed class Source(
        TraceSession trace,
        SampleRecorder recorder,
        string label,
        long offset,
        int firstCpu,
        int? stream
    )
    {
        private readonly SampleBatch _batch = new();
        private readonly List<Tracepoint?> _tracepoints = [];
        private int _index = -1;

        public bool HasSample { get; private set; }

        public ulong Time { get; private set; }

        public long Count { get; private set; }

        public long BeforeZero { get; private set; }

        public void MoveNext()
        {
            while (true)
            {
                if (++_index >= _batch.Count)
                {
                    _index = 0;
                    if (!trace.Reader.Read(_batch))
                    {
                        HasSample = false;
                        return;
                    }
                }

                Int128 time = (Int128)_batch[_index].Time + offset;
                if (time >= 0 && time <= ulong.MaxValue)
                {
                    Time = (ulong)time;
                    HasSample = true;
                    return;
                }

                BeforeZero++;
            }
        }

        public void Write()
        {
            TraceEvent sample = _batch[_index];
            bool hasCpu = sample.Cpu < int.MaxValue;
            int cpu = hasCpu ? firstCpu + (int)sample.Cpu : -1;
            recorder.Add(
                stream ?? (hasCpu ? cpu : MaxStreams + (label.Length == 0 ? 0 : 1)),
                new SampleFields
                {
                    Tracepoint = Find(sample.Tracepoint),
                    Thread = sample.Thread,
                    ThreadName = sample.ThreadName,
                    Time = Time,
                    Cpu = hasCpu ? (uint)cpu : uint.MaxValue,
                    Backtrace = sample.HasBacktrace ? sample.Backtrace : [],
                    Payload = sample.Payload,
                }
            );
            Count++;
        }

        private Tracepoint Find(int index)
        {
            while (_tracepoints.Count <= index)
                _tracepoints.Add(null);

            if (_tracepoints[index] is { } known)
                return known;

            Tracepoint own = trace.Reader.Tracepoints[index];
            ulong key = own.Key;
            while (key is 0 or ulong.MaxValue || recorder.Tracepoints.IndexOf(key) >= 0)
                key = unchecked(key + 1);

            Tracepoint added = recorder.AddTracepoint(
                key,
                Encoding.UTF8.GetBytes(label + own.Name),
                own.SignatureBytes.Span,
                own.FormatBytes.Span
            );
            _tracepoints[index] = added;
            return added;
        }
    }

    private sealed class BothNames(ISymbolSource? first, ISymbolSource? second) : ISymbolSource
    {
        public bool TryResolve(ulong address, List<SymbolFrame> frames) =>
            first?.TryResolve(address, frames) == true || second?.TryResolve(address, frames) == true;
    }
}
