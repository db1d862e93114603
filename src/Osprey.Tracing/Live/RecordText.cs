using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Osprey.Tracing.Arguments;
using Osprey.Tracing.Memory;
using Osprey.Tracing.Rings;

namespace Osprey.Tracing.Live;

/// <summary>Puts records into the lines of OSv's strace, arguments by the rules of C.</summary>
/// <remarks>
/// Unlike there, times are exact, small negative numbers are negative, floating-point arguments are printed, and what
/// is cut is marked by three dots. Characters that control a terminal become question marks.
/// </remarks>
internal static class RecordText
{
    /// <summary>The longest line, with its end.</summary>
    public const int LongestLine = 512;

    private const int LongestBlob = 84;
    private const int LongestWidth = LongestLine;
    private const string Cut = "...";

    /// <summary>Formats a record.</summary>
    /// <param name="record">The bytes of the record.</param>
    /// <param name="tracepoint">Its tracepoint.</param>
    public static string Format(ReadOnlySpan<byte> record, TracepointInfo tracepoint)
    {
        var line = new StringBuilder();
        ReadOnlySpan<byte> name = record.Slice(RecordLayout.NameOffset, RecordLayout.NameSize);
        int end = name.IndexOf((byte)0);
        ulong time = BinaryPrimitives.ReadUInt64LittleEndian(record[RecordLayout.TimeOffset..]);
        int cpu = BinaryPrimitives.ReadInt32LittleEndian(record[RecordLayout.CpuOffset..]);
        AppendText(line, end < 0 ? name : name[..end]);
        line.Append(' ', Math.Max(0, 15 - line.Length));
        line.Append(CultureInfo.InvariantCulture, $" {cpu, 3} {time / 1_000_000_000, 2}.{time % 1_000_000_000:D9} ");
        line.Append(tracepoint.Name).Append('(');
        AppendArguments(line, record[RecordSize.PayloadStart(record)..], tracepoint);
        line.Append(')');
        if (Encoding.UTF8.GetByteCount(line.ToString()) < LongestLine)
            return line.ToString();

        // A character has up to four bytes; cut until it fits.
        int length = Math.Min(line.Length, LongestLine - Cut.Length - 1);
        while (Encoding.UTF8.GetByteCount(line.ToString(0, length)) >= LongestLine - Cut.Length)
            length--;
        if (char.IsHighSurrogate(line[length - 1]))
            length--;
        return line.ToString(0, length) + Cut;
    }

    private static void AppendArguments(StringBuilder line, ReadOnlySpan<byte> payload, TracepointInfo tracepoint)
    {
        string format = tracepoint.Format;
        int offset = 0;
        int argument = 0;
        int done = 0;
        int at = 0;
        while (FormatText.TryFindConversion(format, ref at, out Conversion conversion))
        {
            line.Append(format, done, conversion.Start - done);
            done = conversion.End;
            if (conversion.Letter == '%')
                line.Append('%');
            else
                AppendArgument(line, conversion, payload, ref offset, tracepoint.Signature[argument++]);
        }

        line.Append(format, done, format.Length - done);
    }

    private static void AppendArgument(
        StringBuilder line,
        Conversion conversion,
        ReadOnlySpan<byte> payload,
        ref int offset,
        char type
    )
    {
        int alignment = SignatureText.AlignmentOf(type);
        offset = (offset + alignment - 1) & ~(alignment - 1);
        ReadOnlySpan<byte> bytes = payload[offset..];
        if (type == '*')
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
            offset += 2 + length;
            AppendBlob(line, bytes.Slice(2, length));
            return;
        }

        int size = SignatureText.SizeOf(type);
        offset += size;
        string text = type switch
        {
            'p' => TextOf(bytes.Slice(1, Math.Min(bytes[0], (byte)49)), conversion),
            'f' => NumberText.OfDouble(BinaryPrimitives.ReadSingleLittleEndian(bytes), conversion),
            'd' => NumberText.OfDouble(BinaryPrimitives.ReadDoubleLittleEndian(bytes), conversion),
            _ => NumberText.OfInteger(ReadInteger(bytes, type), type, conversion),
        };
        Pad(line, text, conversion);
    }

    private static long ReadInteger(ReadOnlySpan<byte> bytes, char type) =>
        type switch
        {
            'b' => unchecked((sbyte)bytes[0]),
            'c' or 'B' or '?' => bytes[0],
            'h' => BinaryPrimitives.ReadInt16LittleEndian(bytes),
            'H' => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            'i' => BinaryPrimitives.ReadInt32LittleEndian(bytes),
            'I' => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            _ => BinaryPrimitives.ReadInt64LittleEndian(bytes),
        };

    private static string TextOf(ReadOnlySpan<byte> bytes, Conversion conversion)
    {
        var text = new StringBuilder();
        AppendText(text, bytes);
        return conversion.Precision >= 0 && conversion.Precision < text.Length
            ? text.ToString(0, conversion.Precision)
            : text.ToString();
    }

    private static void AppendText(StringBuilder line, ReadOnlySpan<byte> bytes)
    {
        foreach (char c in Encoding.UTF8.GetString(bytes))
            line.Append(char.IsControl(c) ? '?' : c);
    }

    private static void AppendBlob(StringBuilder line, ReadOnlySpan<byte> bytes)
    {
        line.Append('{');
        foreach (byte b in bytes[..Math.Min(bytes.Length, LongestBlob)])
            line.Append(CultureInfo.InvariantCulture, $"{b:x2} ");
        line.Append(bytes.Length > LongestBlob ? Cut : "").Append('}');
    }

    private static void Pad(StringBuilder line, string text, Conversion conversion)
    {
        int padding = Math.Min(conversion.Width, LongestWidth) - text.Length;
        bool left = conversion.Flags.Contains('-', StringComparison.Ordinal);
        if (padding > 0 && !left)
            line.Append(' ', padding);
        line.Append(text);
        if (padding > 0 && left)
            line.Append(' ', padding);
    }
}
