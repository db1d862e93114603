using System.Buffers.Binary;
using System.Globalization;
using Osprey.Rsp.Client;

namespace Osprey.Target.Backends.Gdb;

/// <summary>
/// Guest-physical memory as text, by the monitor command <c>xp</c>: slow, for stubs of before QEMU 4.1.
/// </summary>
internal static class MonitorMemory
{
    private const int Most = 4096;

    /// <summary>Copies memory; stops where the monitor prints something else.</summary>
    public static int Read(RspClient client, ulong address, Span<byte> buffer)
    {
        int done = 0;
        Span<byte> words = stackalloc byte[Most];
        while (done < buffer.Length)
        {
            ulong at = address + (ulong)done;
            int skip = (int)(at % sizeof(ulong));
            int count = Math.Min(Most, (skip + buffer.Length - done + 7) / 8 * 8) / 8;
            string? text = client.Monitor(
                string.Create(CultureInfo.InvariantCulture, $"xp /{count}gx 0x{at - (ulong)skip:x}")
            );
            int read = ParseWords(text ?? "", words[..(count * 8)]) - skip;
            if (read <= 0)
                break;

            read = Math.Min(read, buffer.Length - done);
            words.Slice(skip, read).CopyTo(buffer[done..]);
            done += read;
        }

        return done;
    }

    /// <summary>Reads lines of "ADDRESS: 0xWORD 0xWORD"; returns how many bytes the words make.</summary>
    private static int ParseWords(ReadOnlySpan<char> text, Span<byte> into)
    {
        int done = 0;
        foreach (ReadOnlySpan<char> line in text.EnumerateLines())
        {
            int colon = line.IndexOf(':');
            if (colon < 0)
                continue;

            ReadOnlySpan<char> values = line[(colon + 1)..];
            foreach (Range range in values.Split(' '))
            {
                ReadOnlySpan<char> word = values[range];
                if (!word.StartsWith("0x") || done == into.Length)
                    continue;

                if (
                    !ulong.TryParse(
                        word[2..],
                        NumberStyles.AllowHexSpecifier,
                        CultureInfo.InvariantCulture,
                        out ulong value
                    )
                )
                    return done;

                BinaryPrimitives.WriteUInt64LittleEndian(into[done..], value);
                done += sizeof(ulong);
            }
        }

        return done;
    }
}
