using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Osprey.Binary;
using Osprey.Traces.Model;

namespace Osprey.Traces.Formats.Osvt;

/// <summary>Reads the TRCD chunk of a dump: the tracepoints of the kernel.</summary>
internal static class OsvtDictionary
{
    /// <summary>Most return addresses a record may declare.</summary>
    private const int MaxBacktrace = 256;

    /// <summary>Fills the table.</summary>
    /// <returns>How many return addresses a record with a backtrace has.</returns>
    /// <exception cref="BadDataException">The chunk is damaged.</exception>
    public static int Read(ref ByteReader reader, TracepointTable table, ParseLimits limits)
    {
        uint backtraceLength = reader.ReadUInt32();
        if (backtraceLength > MaxBacktrace)
            reader.ThrowBad($"backtraces of {backtraceLength} frames, expected {MaxBacktrace} at most");

        uint count = reader.ReadUInt32();
        if (count > limits.MaxTracepoints)
            reader.ThrowBad($"a dictionary of {count} tracepoints, expected {limits.MaxTracepoints} at most");

        var signature = new StringBuilder();
        for (uint i = 0; i < count; i++)
        {
            reader.Align(sizeof(ulong));
            ulong key = reader.ReadUInt64();
            OsvtText.Read(ref reader); // id: the same as the name
            ReadOnlySpan<byte> name = OsvtText.Read(ref reader);
            OsvtText.Read(ref reader); // provider
            ReadOnlySpan<byte> format = OsvtText.Read(ref reader);
            reader.Align(sizeof(uint));
            uint arguments = reader.ReadUInt32();
            signature.Clear();
            for (uint argument = 0; argument < arguments; argument++)
            {
                ReadOnlySpan<byte> number = OsvtText.Read(ref reader);
                char code = (char)reader.ReadByte();
                if (code == 'p')
                    signature.Append(CultureInfo.InvariantCulture, $"{ReadTextSize(number)}");

                signature.Append(code);
            }

            table.Add(key, name, Encoding.Latin1.GetBytes(signature.ToString()), format);
        }

        return (int)backtraceLength;
    }

    /// <summary>The size of a text: 50 bytes, unless a recording of ours says another one behind its number.</summary>
    private static int ReadTextSize(ReadOnlySpan<byte> number)
    {
        int colon = number.IndexOf((byte)':');
        return
            colon >= 0
            && Utf8Parser.TryParse(number[(colon + 1)..], out int size, out int used)
            && used == number.Length - colon - 1
            && size is > 0 and <= 256
            ? size
            : PayloadLayout.DefaultTextSize;
    }
}
