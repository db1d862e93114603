using System.Globalization;
using System.Text;
using Osprey.Rsp.Framing;

namespace Osprey.Rsp.Packets;

/// <summary>
/// The id of a thread in the protocol: <c>T</c>, or <c>pP.T</c> with a process. In QEMU the process is the CPU
/// cluster's index plus 1, and the thread is the vCPU's index plus 1.
/// </summary>
/// <param name="Process">The process; null when the stub does not name one. -1 means all, 0 means any.</param>
/// <param name="Thread">The thread. -1 means all, 0 means any.</param>
public readonly record struct ThreadId(long? Process, long Thread)
{
    /// <summary>Parses an id; false when the text is not one.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> text, out ThreadId id)
    {
        id = default;
        if (text.IsEmpty || text[0] != 'p')
        {
            bool plain = TryParseNumber(text, out long thread);
            id = new ThreadId(null, thread);
            return plain;
        }

        int dot = text.IndexOf((byte)'.');
        long inner = -1; // a process without a thread means all its threads
        if (
            !TryParseNumber(dot < 0 ? text[1..] : text[1..dot], out long process)
            || (dot >= 0 && !TryParseNumber(text[(dot + 1)..], out inner))
        )
            return false;

        id = new ThreadId(process, inner);
        return true;
    }

    /// <summary>Formats the id as in packets.</summary>
    public override string ToString() =>
        Process is long process ? $"p{Format(process)}.{Format(Thread)}" : Format(Thread);

    internal byte[] ToBytes() => Encoding.ASCII.GetBytes(ToString());

    private static string Format(long value) => value < 0 ? "-1" : value.ToString("x", CultureInfo.InvariantCulture);

    private static bool TryParseNumber(ReadOnlySpan<byte> text, out long value)
    {
        value = -1;
        if (text.SequenceEqual("-1"u8))
            return true;

        bool valid = RspHex.TryParse(text, out ulong number) && number <= long.MaxValue;
        value = valid ? (long)number : 0;
        return valid;
    }
}
