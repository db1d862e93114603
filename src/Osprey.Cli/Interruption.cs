using System.Runtime.InteropServices;
using Osprey.Cli.Rendering.Streams;

namespace Osprey.Cli;

/// <summary>
/// Ctrl-C, and the other signals that ask a program to end, as a cancellation. A second one ends the program at once.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private static readonly PosixSignal[] s_signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP];

    private readonly CancellationTokenSource _source = CancellationTokenSource.CreateLinkedTokenSource(
        OutputCapture.Current?.Cancellation ?? CancellationToken.None
    );
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Lock _lock = new();
    private bool _isOver;

    public Interruption() =>
        _registrations = Array.ConvertAll(s_signals, signal => PosixSignalRegistration.Create(signal, Handle));

    /// <summary>True when any signal asked the process to end.</summary>
    public static bool WasAsked { get; private set; }

    public CancellationToken Token => _source.Token;

    /// <summary>Gets whether a signal has come.</summary>
    public bool HasCome => _source.IsCancellationRequested;

    /// <summary>Tells whether the first of these signals is taken as a wish to cancel.</summary>
    public static bool Takes(PosixSignal signal) => Array.IndexOf(s_signals, signal) >= 0;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
            registration.Dispose();

        // A signal that is handled right now is not waited for by the registrations.
        lock (_lock)
            _isOver = true;

        _source.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        lock (_lock)
        {
            // What is not taken here ends the program, as the second one is to.
            if (_isOver || HasCome)
                return;

            WasAsked = true;
            context.Cancel = true;
            _source.Cancel();
        }
    }
}
