namespace Osprey.Tracing.Arguments;

/// <summary>The character that stands for a type in a tracepoint's signature.</summary>
internal static class SignatureText
{
    /// <summary>Returns the type's character.</summary>
    /// <exception cref="ArgumentException">A tracepoint has no arguments of this type.</exception>
    public static char Of(Type type)
    {
        if (type == typeof(string) || type == typeof(ReadOnlySpan<char>))
            return 'p';
        if (type == typeof(byte[]) || type == typeof(ReadOnlyMemory<byte>) || type == typeof(ReadOnlySpan<byte>))
            return '*';
        if (type == typeof(nint) || type == typeof(nuint))
            return 'P';

        return Type.GetTypeCode(type) switch // of an enum it is that of its numbers
        {
            TypeCode.Boolean => '?',
            TypeCode.Char => 'c',
            TypeCode.SByte => 'b',
            TypeCode.Byte => 'B',
            TypeCode.Int16 => 'h',
            TypeCode.UInt16 => 'H',
            TypeCode.Int32 => 'i',
            TypeCode.UInt32 => 'I',
            TypeCode.Int64 => 'q',
            TypeCode.UInt64 => 'Q',
            TypeCode.Single => 'f',
            TypeCode.Double => 'd',
            _ => throw new ArgumentException(
                $"A tracepoint can't have arguments of type {type}: it takes integers, enums, bool, char, float, "
                    + "double, nint, string and bytes."
            ),
        };
    }

    /// <summary>Returns the size of an argument; 0 for a blob.</summary>
    public static int SizeOf(char type) =>
        type switch
        {
            'c' or 'b' or 'B' or '?' => 1,
            'h' or 'H' => 2,
            'i' or 'I' or 'f' => 4,
            'p' => 50,
            '*' => 0,
            _ => 8,
        };

    /// <summary>Returns what an argument's offset is a multiple of.</summary>
    public static int AlignmentOf(char type) =>
        type switch
        {
            'p' => 1,
            '*' => 2,
            _ => SizeOf(type),
        };
}
