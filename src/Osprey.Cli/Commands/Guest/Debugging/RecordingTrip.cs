using System.Globalization;
using Osprey.Cli.Rendering.Streams;
using Osprey.Debug;

namespace Osprey.Cli.Commands.Guest.Debugging;

// QEMU on the way back answers nobody before it has stopped: it takes an earlier snapshot, replays the way to the
// place, and perhaps once more to the last stop before it. Only then can the guest go forward again to where it was. A
// signal, or time that is up, therefore ends the search but not the trip: the guest is waited for, then brought back.

/// <summary>
/// A trip through the recording of a replayed guest, which ends where the guest was found: also when a signal ends the
/// command, except for a second one.
/// </summary>
internal sealed class RecordingTrip : IDisposable
{
    private static readonly TimeSpan s_slice = TimeSpan.FromMilliseconds(200);

    private readonly SteeredRun _run;
    private readonly IDisposable _deferral;
    private readonly CancellationTokenRegistration _asked;
    private int _isToldLeft;
    private int _isToldReturn;
    private bool _isBack;

    /// <param name="run">The run of the command, whose guest stands still.</param>
    /// <exception cref="OperationCanceledException">A signal came before.</exception>
    /// <exception cref="Osprey.Target.TargetException">The guest is not replayed.</exception>
    public RecordingTrip(SteeredRun run)
    {
        _run = run;
        Start = run.Session.ReadPosition();
        _deferral = run.BringBack(TellLeft);
        _asked = run.Cancellation.Register(TellReturn);
    }

    /// <summary>The position at which the guest was found.</summary>
    public ulong Start { get; }

    /// <summary>Waits for a stop on the way.</summary>
    /// <returns>Null when the time is up, or a signal came: the guest may still be on its way.</returns>
    public DebugStop? Wait(TimeSpan timeout)
    {
        try
        {
            return _run.Session.WaitForStop(timeout, _run.Cancellation);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>Waits until the guest stands still, whatever comes.</summary>
    public void WaitUntilStopped()
    {
        DebugSession session = _run.Session;
        if (session.IsRunning && !_run.Cancellation.IsCancellationRequested)
            TellReturn();

        while (session.IsRunning && session.WaitForStop(s_slice) is null) { }
    }

    /// <summary>Goes forward again to where the guest was found, if it is not there. It stands still.</summary>
    /// <remarks>What it could stop at on the way must be taken out before.</remarks>
    public void Return()
    {
        DebugSession session = _run.Session;
        for (ulong at = session.ReadPosition(), last = at; at < Start; last = at)
        {
            session.ResumeTo(Start);
            while (session.WaitForStop(s_slice) is null && session.IsRunning) { }

            at = session.ReadPosition();
            if (at <= last)
                return; // it does not move: that is said at the end
        }

        _isBack = true;
    }

    public void Dispose()
    {
        if (!_isBack)
            TellLeft();

        _asked.Dispose();
        _deferral.Dispose();
    }

    private void TellReturn()
    {
        if (Interlocked.Exchange(ref _isToldReturn, 1) == 0)
            Messages.Write("osprey: the guest is taken to where it was found; one more signal leaves it on the way");
    }

    private void TellLeft()
    {
        if (Interlocked.Exchange(ref _isToldLeft, 1) == 0)
            Messages.Write(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"osprey: note: the guest is left on the way back, before instruction {Start} where it was; "
                ) + "QEMU stops it once more on the way forward"
            );
    }
}
