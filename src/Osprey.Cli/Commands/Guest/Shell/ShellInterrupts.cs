using System.Runtime.InteropServices;

namespace Osprey.Cli.Commands.Guest.Shell;

/// <summary>
/// Makes Ctrl-C end the command that a shell runs, not the shell: the command takes the signal as its own. A second one
/// during the same command ends the program. Signals that ask a program to end have the shell end with the command.
/// </summary>
internal sealed class ShellInterrupts : IDisposable
{
    private readonly PosixSignalRegistration[] _registrations;
    private int _commands;
    private int _seen;

    public ShellInterrupts() =>
        _registrations = [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => MustEnd = true),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, _ => MustEnd = true),
        ];

    /// <summary>True once a signal has come that asks the program to end.</summary>
    public bool MustEnd { get; private set; }

    /// <summary>Keeps the program alive at the first signal until the result is disposed.</summary>
    public IDisposable Guard()
    {
        Volatile.Write(ref _seen, 0);
        Interlocked.Increment(ref _commands);
        return new Command(this);
    }

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
            registration.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        if (Volatile.Read(ref _commands) > 0 && Interlocked.Increment(ref _seen) == 1)
            context.Cancel = true;
    }

    private sealed class Command(ShellInterrupts owner) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref owner._commands);
    }
}
