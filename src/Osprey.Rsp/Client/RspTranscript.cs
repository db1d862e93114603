namespace Osprey.Rsp.Client;

/// <summary>
/// Writes down a conversation as text: a line <c>&gt; bytes</c> for what was sent and <c>&lt; bytes</c> for what one
/// read gave, bytes as <see cref="RspText"/> has them; <c>! timeout</c> where a wait was in vain, <c>! end</c> where
/// the stub hung up. Lines that start with <c>#</c> are comments.
/// </summary>
/// <param name="output">Where to; not closed.</param>
public sealed class RspTranscript(TextWriter output)
{
    /// <summary>Writes down what was sent.</summary>
    public void Sent(ReadOnlySpan<byte> bytes) => output.WriteLine($"> {RspText.Format(bytes)}");

    /// <summary>Writes down what one read gave.</summary>
    public void Received(ReadOnlySpan<byte> bytes) =>
        output.WriteLine(bytes.IsEmpty ? "! end" : $"< {RspText.Format(bytes)}");

    /// <summary>Writes down that nothing came in time.</summary>
    public void TimedOut() => output.WriteLine("! timeout");

    /// <summary>Writes a comment.</summary>
    public void Comment(string text) => output.WriteLine($"# {text}");
}
