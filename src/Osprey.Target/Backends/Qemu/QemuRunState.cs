using System.Diagnostics;
using Osprey.Target.Backends.Qemu.Processes;
using Osprey.Target.Backends.Qemu.Qmp;

namespace Osprey.Target.Backends.Qemu;

/// <summary>
/// Stops a guest and lets it run over QMP, for short while it is read or until it is told otherwise, and leaves it
/// as it was found. While there is something to be undone, the connection is kept.
/// </summary>
/// <param name="name">The guest, for messages.</param>
/// <param name="qmp">The connection to its QEMU; null when there is none.</param>
/// <param name="noQmp">The reason why there is none.</param>
/// <param name="wasRunning">Whether the guest ran when it was found.</param>
/// <param name="generation">Advanced whenever the guest may have run.</param>
/// <param name="note">Says to others who has paused the guest.</param>
internal sealed class QemuRunState(
    string name,
    QmpClient? qmp,
    TargetException? noQmp,
    bool wasRunning,
    StopGeneration generation,
    PauseNote note
) : IDisposable
{
    private bool _leavesRunning = wasRunning;
    private readonly Lock _gate = new();
    private readonly Stopwatch _paused = new();
    private PausedGuest? _pause;
    private IDisposable? _hold;
    private bool _hasLeft;
    private bool _runs = wasRunning; // or would, were it not for a pause

    /// <summary>True while the guest runs, as far as is known here.</summary>
    public bool IsRunning => _runs && !_paused.IsRunning;

    /// <summary>The time that pauses took.</summary>
    public TimeSpan PausedFor => _paused.Elapsed;

    /// <summary>Keeps the guest still until the result is disposed; null when it stands still anyway.</summary>
    /// <exception cref="TargetException">It can't be paused.</exception>
    public IDisposable? Pause()
    {
        lock (_gate)
        {
            if (!IsRunning)
                return null;

            if (qmp is null)
                throw QemuTarget.NoQmp("the guest can't be paused", noQmp!);

            ThrowIfLeft();
            IDisposable hold = qmp.Hold();
            note.Take();
            _paused.Start();
            try
            {
                qmp.Execute("stop");
                generation.Advance();
            }
            catch (QmpException exception)
            {
                _paused.Stop();
                note.Drop();
                hold.Dispose();
                throw new TargetException(
                    TargetProblem.CommandFailed,
                    $"the guest can't be paused: {exception.Message}",
                    exception
                );
            }
            catch
            {
                // An answer that is late may still come true: QEMU does one after the other, so it is undone whenever
                // that is. The connection is kept for that.
                UndoPause(qmp);
                throw;
            }

            return _pause = new PausedGuest(this, qmp, hold);
        }
    }

    /// <summary>Lets the guest run, or stops it, until it is told otherwise or left.</summary>
    public void Set(bool runs)
    {
        lock (_gate)
        {
            ThrowIfLeft();
            if (_paused.IsRunning)
                throw new TargetException(TargetProblem.BeingRead, $"{name} is paused while it is read");

            SetAlone(runs);
        }
    }

    /// <summary>Asks whether a guest that runs was stopped by somebody else.</summary>
    public bool NoticeStop()
    {
        lock (_gate)
        {
            ThrowIfLeft();
            if (!_runs || qmp is null)
                return false;

            try
            {
                _runs = QemuFacts.AskIsRunning(qmp);
            }
            catch (QmpException exception)
            {
                throw new TargetException(TargetProblem.CommandFailed, $"{name}: {exception.Message}", exception);
            }

            if (!_runs)
                generation.Advance();

            return !_runs;
        }
    }

    /// <summary>Says how the guest is to be left, where that is not as it was found.</summary>
    public void LeaveAs(bool runs)
    {
        lock (_gate)
            _leavesRunning = runs;
    }

    /// <summary>Leaves the guest as it was found, or as was said.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            _hasLeft = true;
            try
            {
                _pause?.Dispose();
                SetAlone(_leavesRunning);
                note.Drop();
            }
            catch (TargetException)
            {
                // QEMU is gone, or does not answer: there is nobody left to tell.
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Leave();

    private void SetAlone(bool runs)
    {
        if (_runs == runs || qmp is null)
            return;

        generation.Advance();
        _hold ??= qmp.Hold();
        if (!runs)
            note.Take();

        try
        {
            qmp.Execute(runs ? "cont" : "stop");
            _runs = runs;
            if (runs)
                note.Clear();
        }
        catch (QmpException exception)
        {
            throw new TargetException(
                TargetProblem.CommandFailed,
                $"{name} can't be {(runs ? "let run" : "stopped")}: {exception.Message}",
                exception
            );
        }
        finally
        {
            generation.Advance();
        }
    }

    private void UndoPause(QmpClient connection)
    {
        try
        {
            connection.Execute("cont");
        }
        catch (Exception exception) when (exception is TargetException or QmpException)
        {
            // What went wrong before says more.
        }
        finally
        {
            generation.Advance();
            _paused.Stop();
        }
    }

    /// <summary>Says to others that the guest stands still for this program, until it is left.</summary>
    public void NotePause() => note.Take();

    private void DropNote() => note.Drop();

    private void NoteThatItRan() => generation.Advance();

    private void ThrowIfLeft()
    {
        if (_hasLeft)
            throw new TargetException(TargetProblem.LetGo, $"{name} has been let go of");
    }

    private sealed class PausedGuest(QemuRunState state, QmpClient connection, IDisposable hold) : IDisposable
    {
        private bool _resumed;

        public void Dispose()
        {
            lock (state._gate)
                Resume();
        }

        private void Resume()
        {
            if (_resumed)
                return;

            _resumed = true;
            state._pause = null;
            try
            {
                connection.Execute("cont");
                state.DropNote();
            }
            catch (QmpException exception)
            {
                throw new TargetException(
                    TargetProblem.NotResumed,
                    $"the guest was paused and can't be resumed: {exception.Message}",
                    exception
                );
            }
            finally
            {
                state.NoteThatItRan();
                state._paused.Stop();
                hold.Dispose();
            }
        }
    }
}
