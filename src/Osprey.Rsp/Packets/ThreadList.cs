using System.Diagnostics.CodeAnalysis;

namespace Osprey.Rsp.Packets;

/// <summary>
/// The reply to <c>qfThreadInfo</c> and <c>qsThreadInfo</c>: <c>m</c> with ids, or <c>l</c> at the end of the list.
/// </summary>
internal static class ThreadList
{
    /// <summary>Parses a reply.</summary>
    /// <param name="reply">The reply.</param>
    /// <param name="ids">The ids; empty at the end of the list.</param>
    /// <returns>False when this is another reply, or an id is malformed.</returns>
    public static bool TryParse(ReadOnlySpan<byte> reply, [NotNullWhen(true)] out IReadOnlyList<ThreadId>? ids)
    {
        ids = [];
        if (reply.SequenceEqual("l"u8))
            return true;

        ids = null;
        if (reply.Length < 2 || reply[0] != 'm')
            return false;

        var found = new List<ThreadId>();
        ReadOnlySpan<byte> list = reply[1..];
        foreach (Range range in list.Split((byte)','))
        {
            if (!ThreadId.TryParse(list[range], out ThreadId id))
                return false;

            found.Add(id);
        }

        ids = found;
        return true;
    }
}
