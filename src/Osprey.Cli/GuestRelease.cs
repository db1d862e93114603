using System.Runtime.InteropServices;
using Osprey.Target;

namespace Osprey.Cli;

/// <summary>Leaves a guest as it was found when a signal, or anything else but a crash, ends the program.</summary>
/// <remarks>
/// The signals still do what they do: the first of those that <see cref="Interruption"/> takes as a wish to cancel ends
/// the command, the others end the process. A guest that is let go of can't be moved any more; a command that has
/// carried it off along a recording brings it back itself at the first signal: see <see cref="Defer"/>.
/// </remarks>
internal sealed class GuestRelease : IDisposable
{
    private static readonly PosixSignal[] s_signals =
    [
        PosixSignal.SIGINT,
        PosixSignal.SIGTERM,
        PosixSignal.SIGHUP,
        PosixSignal.SIGQUIT,
        (PosixSignal)10, // SIGUSR1
        (PosixSignal)12, // SIGUSR2
        (PosixSignal)14, // SIGALRM
    ];

    private readonly GuestTarget _target;
    private readonly bool _interrupts;
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Lock _lock = new();
    private Deferral? _deferral;

    /// <param name="target">The guest.</param>
    /// <param name="interrupts">Whether an interruption (Ctrl-C) ends what is done with the guest.</param>
    public GuestRelease(GuestTarget target, bool interrupts = true)
    {
        _target = target;
        _interrupts = interrupts;
        _registrations = Array.ConvertAll(s_signals, signal => PosixSignalRegistration.Create(signal, Handle));
        AppDomain.CurrentDomain.ProcessExit += OnExit;
    }

    /// <summary>
    /// Leaves the guest to the command at the first signal that <see cref="Interruption"/> takes: the command brings
    /// it back to where it was found. Every other signal, and each one after the first, lets go of it where it is.
    /// </summary>
    /// <param name="abandon">Called before the guest is let go of on its way.</param>
    /// <returns>The time that this holds: dispose it when the guest is back.</returns>
    public IDisposable Defer(Action abandon)
    {
        lock (_lock)
            return _deferral = new Deferral(this, abandon);
    }

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
            registration.Dispose();

        AppDomain.CurrentDomain.ProcessExit -= OnExit;
    }

    private void Handle(PosixSignalContext context)
    {
        lock (_lock)
        {
            if (_deferral is null)
            {
                if (context.Signal == PosixSignal.SIGINT && !_interrupts)
                    return;
            }
            else if (!_deferral.EndsAt(context.Signal))
            {
                return;
            }
        }

        _target.Leave();
    }

    private void OnExit(object? sender, EventArgs arguments) => _target.Leave();

    private sealed class Deferral(GuestRelease release, Action abandon) : IDisposable
    {
        private readonly ExecutionContext? _context = ExecutionContext.Capture();
        private bool _wasAsked;
        private bool _isAbandoned;

        /// <summary>Tells whether the guest is to be let go of at a signal, and says so to the command.</summary>
        public bool EndsAt(PosixSignal signal)
        {
            if (!_wasAsked && Interruption.Takes(signal))
            {
                _wasAsked = true;
                return false;
            }

            if (_isAbandoned)
                return true;

            _isAbandoned = true;
            if (_context is null)
                abandon();
            else
                ExecutionContext.Run(_context, _ => abandon(), null); // as the command writes its messages

            return true;
        }

        public void Dispose()
        {
            lock (release._lock)
                release._deferral = null;
        }
    }
}
