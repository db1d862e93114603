using System.Runtime.InteropServices;

namespace Osprey.Cli.Commands.Guest.Shell;

/// <summary>
/// Makes Ctrl-C end the command that a shell runs, not the shell: the command takes the signal as its own. A second one
/// during the same command ends the program.
/// </summary>
internal sealed class ShellInterrupts : IDisposable
{
    private readonly PosixSignalRegistration _registration;
    private int _commands;
    private int _seen;

    public ShellInterrupts() => _registration = PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle);

    /// <summary>Keeps the program alive at the first signal until the result is disposed.</summary>
    public IDisposable Guard()
    {
        Volatile.Write(ref _seen, 0);
        Interlocked.Increment(ref _commands);
        return new Command(this);
    }

    public void Dispose() => _registration.Dispose();

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
