using System.Diagnostics;
using Osprey.Session.Guests;
using Osprey.Symbols;
using Osprey.Target;
using Osprey.Traces.Formats.Osvt;
using Osprey.Traces.Formats.Osvt.Recordings;

namespace Osprey.Session.Traces.Rings.Recording;

/// <summary>Records what a running guest's tracepoints write, for as long as wanted.</summary>
/// <remarks>
/// <para>
/// A ring holds some milliseconds of a busy guest, so nothing may keep the reader of the rings waiting: not the disk,
/// and not the first search for a name, which reads all debug info. There are two threads. The caller's reads the
/// rings into pieces; <see cref="RecordingSink"/>'s writes them and finds names. Pieces go round between them, a
/// bounded number. When the disk is too slow for too long, none is free: the rings are then left alone until there is
/// one, and what the guest overwrites meanwhile is counted like any other loss.
/// </para>
/// <para>
/// Between two rounds the reader sleeps: so long that the fullest ring has filled by about an eighth at the rate of the
/// last round, from 1 to 20 milliseconds.
/// </para>
/// </remarks>
public sealed class TraceRecorder
{
    private const double WantedFill = 0.125;
    private const int MostPause = 20;
    private static readonly TimeSpan s_flush = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_report = TimeSpan.FromMilliseconds(500);

    private readonly GuestRings _rings;
    private readonly Func<RecordingFacts> _describe;
    private readonly Func<IReadOnlyCollection<OsvtModule>> _listModules;
    private readonly Symbolizer _symbols;

    /// <param name="rings">The rings to follow.</param>
    /// <param name="describe">Gives the facts for each file.</param>
    /// <param name="listModules">Lists what the guest has loaded.</param>
    /// <param name="symbols">The names of the guest's code.</param>
    public TraceRecorder(
        GuestRings rings,
        Func<RecordingFacts> describe,
        Func<IReadOnlyCollection<OsvtModule>> listModules,
        Symbolizer symbols
    )
    {
        _rings = rings;
        _describe = describe;
        _listModules = listModules;
        _symbols = symbols;
    }

    /// <summary>Tells whether the guest has allocated rings.</summary>
    public bool HasRings => _rings.Readers.Count > 0;

    /// <summary>Makes a recorder for a guest.</summary>
    /// <param name="session">The guest. It is not paused.</param>
    /// <param name="withHistory">True to begin with what the rings have already.</param>
    /// <param name="cancellation">Ends the walks through the kernel's lists.</param>
    /// <exception cref="TargetException">The guest has no such rings.</exception>
    public static TraceRecorder For(GuestSession session, bool withHistory, CancellationToken cancellation)
    {
        GuestRings rings = GuestRings.Of(session, startsAtNewest: !withHistory, cancellation);
        IReadOnlyCollection<OsvtModule> modules = TraceExtraction.ListModules(session);
        return new TraceRecorder(
            rings,
            () => TraceExtraction.Describe(session, rings, "record"),
            () => modules,
            session.Symbols
        );
    }

    /// <summary>Records until the time is over, the file is full, the guest ends, or the user ends it.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="progress">Told how far it is, twice a second; null when nobody looks.</param>
    /// <param name="cancellation">The user's wish to end: the file is then completed.</param>
    /// <exception cref="IOException">The file can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file can't be written.</exception>
    public RecordingResult Run(
        RecordingRequest request,
        Action<RecordingState>? progress,
        CancellationToken cancellation
    )
    {
        using var sink = new RecordingSink(request, _rings, _describe(), _listModules(), _symbols);
        var follower = new RingFollower(_rings) { PieceSize = RecordingSink.PieceSize, TracepointsAdded = sink.Add };
        var watch = Stopwatch.StartNew();
        TimeSpan flushed = TimeSpan.Zero;
        TimeSpan reported = TimeSpan.Zero;
        double pause = 1;
        RecordingEnd end = RecordingEnd.Asked;
        try
        {
            while (!cancellation.IsCancellationRequested)
            {
                TimeSpan now = watch.Elapsed;
                if (request.Duration <= now)
                {
                    end = RecordingEnd.Duration;
                    break;
                }

                if (sink.IsFull)
                {
                    end = RecordingEnd.Size;
                    break;
                }

                bool isFlush = now - flushed >= s_flush;
                if (sink.HasRoom)
                {
                    follower.ReadRound(sink.Take, isFlush);
                    sink.ClockOffset = follower.ClockOffset;
                    flushed = isFlush ? now : flushed;
                }

                if (progress is not null && now - reported >= s_report)
                {
                    progress(sink.GetState(now));
                    reported = now;
                }

                pause = Math.Clamp(pause * WantedFill / Math.Max(follower.Fill, 0.001), 1, MostPause);
                TimeSpan sleep = TimeSpan.FromMilliseconds(pause);
                if (request.Duration - now is { } left && left < sleep)
                    sleep = left > TimeSpan.Zero ? left : TimeSpan.Zero;

                cancellation.WaitHandle.WaitOne(sleep > request.LeastPause ? sleep : request.LeastPause);
            }

            if (end != RecordingEnd.Size)
            {
                follower.ReadRound(sink.Take, isFlush: true);
                sink.ClockOffset = follower.ClockOffset;
            }
        }
        catch (TargetException exception) when (exception.Problem == TargetProblem.GuestEnded)
        {
            end = RecordingEnd.GuestEnded;
        }

        follower.Finish(sink.Take);
        sink.Finish();
        return sink.GetResult(end, watch.Elapsed, _rings.Defects);
    }
}
