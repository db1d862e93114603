using System.Runtime.InteropServices;
using Osprey.Target;

namespace Osprey.Cli;

/// <summary>Leaves a guest as it was found when a signal, or anything else but a crash, ends the program.</summary>
/// <remarks>
/// The signals still do what they do: the first of those that <see cref="Interruption"/> takes as a wish to cancel ends
/// the command, the others end the process.
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
    private readonly PosixSignalRegistration[] _registrations;

    /// <param name="target">The guest.</param>
    /// <param name="interrupts">Whether an interruption (Ctrl-C) ends what is done with the guest.</param>
    public GuestRelease(GuestTarget target, bool interrupts = true)
    {
        _target = target;
        _registrations = Array.ConvertAll(
            interrupts ? s_signals : s_signals[1..],
            signal => PosixSignalRegistration.Create(signal, _ => target.Leave())
        );
        AppDomain.CurrentDomain.ProcessExit += OnExit;
    }

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
            registration.Dispose();

        AppDomain.CurrentDomain.ProcessExit -= OnExit;
    }

    private void OnExit(object? sender, EventArgs arguments) => _target.Leave();
}
