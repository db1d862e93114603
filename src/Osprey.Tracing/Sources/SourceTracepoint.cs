using System.Text;
using Osprey.Tracing.Arguments;
using Osprey.Tracing.Control;
using Osprey.Tracing.Memory;
using Osprey.Tracing.Rings;

namespace Osprey.Tracing.Sources;

/// <summary>A tracepoint whose arguments are known at run time only.</summary>
internal sealed unsafe class SourceTracepoint
{
    private const int MostArguments = 16;
    private readonly TracepointDescriptor* _descriptor;
    private readonly string _signature;

    private SourceTracepoint(TracepointDescriptor* descriptor, string signature)
    {
        _descriptor = descriptor;
        _signature = signature;
    }

    /// <summary>Whether a hit is recorded or counted.</summary>
    public bool IsActive => _descriptor->Active != 0;

    /// <summary>Defines a tracepoint.</summary>
    /// <param name="source">The source's name.</param>
    /// <param name="name">The event's name.</param>
    /// <param name="arguments">The names of the arguments; those beyond the sixteenth are left out.</param>
    /// <param name="types">Their types.</param>
    public static SourceTracepoint Define(
        string source,
        string name,
        IReadOnlyList<string> arguments,
        IReadOnlyList<Type> types
    )
    {
        var signature = new StringBuilder();
        var format = new StringBuilder();
        for (int i = 0; i < Math.Min(Math.Min(arguments.Count, types.Count), MostArguments); i++)
        {
            char type = SignatureOf(types[i]);
            signature.Append(type);
            string conversion = type switch
            {
                'p' or '*' => "%s",
                'd' or 'f' => "%g",
                'P' => "%p",
                'Q' or 'I' or 'H' or 'B' => "%u",
                'c' => "%c",
                _ => "%d",
            };
            format.Append(i == 0 ? "" : " ").Append(Clean(arguments[i])).Append('=').Append(conversion);
        }

        string text = signature.ToString();
        return new SourceTracepoint(TracepointList.Define(Clean($"{source}/{name}"), format.ToString(), text), text);
    }

    /// <summary>Records a hit on this thread, now.</summary>
    /// <param name="arguments">The arguments, of the types that the tracepoint was defined with.</param>
    /// <param name="thread">Another number for the thread; 0 for its own.</param>
    public void Record(ReadOnlySpan<object?> arguments, ulong thread = 0)
    {
        int size = SizeOf(arguments);
        if (!RecordWriter.TryBegin(_descriptor, size, out RecordWriter writer))
            return;

        if (thread != 0)
            writer.SetThread(thread);
        Put(ref writer, arguments);
        writer.End();
    }

    /// <summary>Records a hit that happened a little while ago, on another thread.</summary>
    public void RecordLate(ReadOnlySpan<object?> arguments, ulong thread, long time)
    {
        var moment = new LateMoment { Thread = thread, Time = time };
        RingDescriptor* ring = TraceRings.Late;
        if (!RecordWriter.TryBeginLate(_descriptor, SizeOf(arguments), ring, moment, out RecordWriter writer))
            return;

        Put(ref writer, arguments);
        writer.End();
    }

    private static char SignatureOf(Type type) =>
        Type.GetTypeCode(type) is TypeCode.Object or TypeCode.String or TypeCode.DateTime or TypeCode.Decimal
        && type != typeof(byte[])
        && type != typeof(nint)
        && type != typeof(nuint)
            ? 'p'
            : SignatureText.Of(type);

    private static string Clean(string text)
    {
        string cut = text.Length > 100 ? text[..100] : text;
        return string.Create(
            cut.Length,
            cut,
            (clean, from) =>
            {
                for (int i = 0; i < clean.Length; i++)
                    clean[i] = char.IsControl(from[i]) || from[i] is '%' or ' ' ? '_' : from[i];
            }
        );
    }

    private int SizeOf(ReadOnlySpan<object?> arguments)
    {
        int size = 0;
        for (int i = 0; i < _signature.Length; i++)
        {
            char type = _signature[i];
            int alignment = SignatureText.AlignmentOf(type);
            size = ((size + alignment - 1) & ~(alignment - 1)) + SignatureText.SizeOf(type);
            if (type == '*')
                size += 2 + (Value(arguments, i) is byte[] bytes ? bytes.Length : 0);
        }

        return size;
    }

    private void Put(ref RecordWriter writer, ReadOnlySpan<object?> arguments)
    {
        for (int i = 0; i < _signature.Length; i++)
        {
            object? value = Value(arguments, i);
            switch (_signature[i])
            {
                case 'p':
                    writer.Put(value as string ?? value?.ToString());
                    break;
                case '*':
                    writer.Put(value as byte[] ?? []);
                    break;
                case 'f':
                    writer.Put(value is float single ? single : 0);
                    break;
                case 'd':
                    writer.Put(value is double number ? number : 0);
                    break;
                case 'c':
                    writer.Put(value is char c ? c : '?');
                    break;
                default:
                    PutInteger(ref writer, _signature[i], IntegerOf(value));
                    break;
            }
        }
    }

    private static object? Value(ReadOnlySpan<object?> arguments, int index) =>
        index < arguments.Length ? arguments[index] : null;

    private static void PutInteger(ref RecordWriter writer, char type, long value)
    {
        unchecked
        {
            switch (SignatureText.SizeOf(type))
            {
                case 1:
                    writer.Put((byte)value);
                    break;
                case 2:
                    writer.Put((ushort)value);
                    break;
                case 4:
                    writer.Put((uint)value);
                    break;
                default:
                    writer.Put(value);
                    break;
            }
        }
    }

    private static long IntegerOf(object? value) =>
        value switch
        {
            null => 0,
            bool flag => flag ? 1 : 0,
            nint number => number,
            nuint number => unchecked((long)number),
            ulong number => unchecked((long)number),
            IConvertible number => unchecked((long)Convert.ToDecimal(number)),
            _ => 0,
        };
}
