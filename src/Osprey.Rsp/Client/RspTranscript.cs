namespace Osprey.Rsp.Client;

/// <summary>
/// Records a conversation as text: a line <c>&gt; bytes</c> for bytes that were sent, <c>&lt; bytes</c> for the bytes
/// of one read, <c>! timeout</c> for a wait in which nothing came, and <c>! end</c> when the stub closed the
/// connection. Printable bytes stand for themselves, others are <c>\xNN</c>. Lines that start with <c>#</c> are
/// comments.
/// </summary>
/// <param name="output">The writer that receives the text; it is not closed.</param>
public sealed class RspTranscript(TextWriter output)
{
    /// <summary>Records bytes that were sent.</summary>
    internal void Sent(ReadOnlySpan<byte> bytes) => output.WriteLine($"> {RspText.Format(bytes)}");

    /// <summary>Records the bytes of one read; none mean that the stub closed the connection.</summary>
    internal void Received(ReadOnlySpan<byte> bytes) =>
        output.WriteLine(bytes.IsEmpty ? "! end" : $"< {RspText.Format(bytes)}");

    /// <summary>Records that nothing came in time.</summary>
    internal void TimedOut() => output.WriteLine("! timeout");

    /// <summary>Writes a comment.</summary>
    internal void Comment(string text) => output.WriteLine($"# {text}");
}
