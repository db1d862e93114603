namespace Osprey.Cli.Rendering.Streams;

/// <summary>
/// Takes what the program writes in place of the process's own streams, for the flow of control that began it.
/// </summary>
/// <remarks>
/// Tests run many commands in one process, side by side, and read what each of them wrote; a command that runs others
/// shows a part of what they wrote. Captures nest.
/// </remarks>
internal sealed class OutputCapture : IDisposable
{
    private static readonly AsyncLocal<OutputCapture?> s_current = new();
    private readonly OutputCapture? _outer = s_current.Value;

    public OutputCapture() => s_current.Value = this;

    /// <summary>The capture that is on; null when output goes to the process's streams.</summary>
    public static OutputCapture? Current => s_current.Value;

    /// <summary>The bytes that would have gone to standard output.</summary>
    public MemoryStream Data { get; init; } = new();

    /// <summary>The lines that would have gone to standard error.</summary>
    public StringWriter Messages { get; } = new() { NewLine = "\n" };

    /// <summary>The wish of whoever reads the output to have no more of it, as Ctrl-C is at a terminal.</summary>
    public CancellationToken Cancellation { get; init; }

    public void Dispose() => s_current.Value = _outer;
}
