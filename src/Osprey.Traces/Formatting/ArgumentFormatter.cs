using System.Runtime.CompilerServices;
using System.Text;
using Osprey.Traces.Model;
using Osprey.Traces.Text;

namespace Osprey.Traces.Formatting;

/// <summary>Writes the arguments of one tracepoint's samples through its printf-like format.</summary>
/// <remarks>
/// The reference prints a negative number under an unsigned conversion with a minus sign; this is kept with
/// <c>compat</c>. Otherwise it prints as C does, as the two's complement of the argument's own width.
/// Arguments that do not fit the format are printed as a plain list and counted, never an error.
/// </remarks>
public sealed class ArgumentFormatter
{
    private readonly PayloadLayout? _layout;
    private readonly FormatPiece[]? _pieces;
    private readonly NumberStep[] _steps = []; // as many as there are pieces
    private readonly bool _compat;

    /// <param name="tracepoint">Whose samples are to be written.</param>
    /// <param name="compat">Print as the reference does where it differs from C.</param>
    public ArgumentFormatter(Tracepoint tracepoint, bool compat)
        : this(tracepoint, compat, "0x%016x") { }

    private ArgumentFormatter(Tracepoint tracepoint, bool compat, string pointer)
    {
        _layout = tracepoint.Layout;
        _compat = compat;
        string format = tracepoint.Format.Replace("%p", pointer, StringComparison.Ordinal);
        FormatPiece[]? pieces = FormatParser.Parse(format, compat);
        if (pieces is null || _layout is null || !Fits(pieces, _layout))
            return;

        _pieces = pieces;
        _steps = new NumberStep[pieces.Length];
        for (int i = 0; i < _layout.Fields.Length; i++)
            _steps[i] = NumberStep.Of(pieces[i], _layout.Fields[i]);
    }

    /// <summary>
    /// Makes a formatter that prints pointers as short as C does, which OSv's <c>--strace</c> prints with.
    /// </summary>
    public static ArgumentFormatter LikeC(Tracepoint tracepoint) => new(tracepoint, compat: false, "0x%x");

    /// <summary>Tells whether the format fits the arguments; when not they are written as a plain list.</summary>
    public bool FitsFormat => _pieces is not null;

    /// <summary>Writes the arguments of one sample.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Append(Utf8Builder text, ReadOnlySpan<byte> payload)
    {
        if (_layout is null)
            return;

        var arguments = new PayloadArguments(_layout, payload);
        if (_pieces is null)
        {
            AppendList(text, arguments);
            return;
        }

        for (int i = 0; i < _pieces.Length; i++)
        {
            FormatPiece piece = _pieces[i];
            text.Append(piece.Literal);
            ref readonly NumberStep step = ref _steps[i];
            if (step.Conversion == 'd' && step.TryRead(payload, out ulong value))
                text.AppendDecimal(value, step.Width, (byte)'0');
            else if (step.Conversion == 'x' && step.TryRead(payload, out value))
                text.AppendHex(value, Math.Max(step.Width, 1));
            else if (piece.Conversion != '\0')
                AppendConversion(text, piece, arguments, i);
        }
    }

    /// <summary>Writes one argument as it would be shown without a format.</summary>
    internal static void AppendPlain(Utf8Builder text, in PayloadArguments arguments, int index)
    {
        ArgumentType type = arguments.TypeOf(index);
        if (type == ArgumentType.Text)
            text.AppendText(arguments.GetBytes(index));
        else if (type == ArgumentType.Blob)
            AppendBlob(text, arguments.GetBytes(index));
        else if (type.IsFloating)
            text.Append(DoubleText.Shortest(arguments.GetDouble(index)));
        else if (type == ArgumentType.Boolean)
            text.Append(arguments.GetInteger(index) != 0 ? "true"u8 : "false"u8);
        else if (type == ArgumentType.Pointer)
            AppendPointer(text, arguments.GetInteger(index));
        else
            AppendDecimal(text, arguments.GetInteger(index), type.IsSigned);
    }

    private static void AppendList(Utf8Builder text, in PayloadArguments arguments)
    {
        for (int i = 0; i < arguments.Count; i++)
        {
            if (i > 0)
                text.Append(", "u8);

            AppendPlain(text, arguments, i);
        }
    }

    private static bool Fits(FormatPiece[] pieces, PayloadLayout layout)
    {
        if (pieces.Length - 1 != layout.Fields.Length)
            return false;

        for (int i = 0; i < layout.Fields.Length; i++)
        {
            ArgumentType type = layout.Fields[i].Type;
            bool fits = pieces[i].Conversion switch
            {
                's' or 'r' => true,
                'c' => type.IsInteger || type == ArgumentType.Char,
                'd' or 'i' or 'u' => type.IsInteger || type.IsFloating || type == ArgumentType.Char,
                'o' or 'x' or 'X' => type.IsInteger || type == ArgumentType.Char,
                _ => type.IsInteger || type.IsFloating,
            };
            if (!fits)
                return false;
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AppendConversion(Utf8Builder text, FormatPiece piece, in PayloadArguments arguments, int index)
    {
        ArgumentType type = arguments.TypeOf(index);
        switch (piece.Conversion)
        {
            case 's' or 'r' or 'c':
                int start = text.Length;
                AppendString(text, piece.Conversion, arguments, index);
                if (!piece.IsPlain)
                    Refit(text, start, piece);
                break;

            case 'd'
            or 'i'
            or 'u'
            or 'o'
            or 'x'
            or 'X':
                long value = type.IsFloating ? Truncate(arguments.GetDouble(index)) : arguments.GetInteger(index);
                AppendInteger(text, piece, value, type.IsSigned || type.IsFloating, type.BitCount);
                break;

            default:
                double number =
                    type.IsFloating ? arguments.GetDouble(index)
                    : type.IsSigned ? arguments.GetInteger(index)
                    : unchecked((ulong)arguments.GetInteger(index));
                string digits = DoubleText.Format(
                    number,
                    piece.Conversion,
                    piece.Precision,
                    piece.Flags.HasFlag(FormatFlags.Alternate)
                );
                bool isNegative = digits.StartsWith('-');
                AppendSigned(
                    text,
                    piece,
                    isNegative,
                    "",
                    isNegative ? digits[1..] : digits,
                    _compat || double.IsFinite(number)
                );
                break;
        }
    }

    private void AppendString(Utf8Builder text, char conversion, in PayloadArguments arguments, int index)
    {
        ArgumentType type = arguments.TypeOf(index);
        if (conversion == 'c' || type == ArgumentType.Char)
            text.Append(
                Rune.TryCreate((int)(arguments.GetInteger(index) & 0x1fffff), out Rune rune)
                    ? rune.ToString()
                    : "\ufffd"
            );
        else if (_compat && type == ArgumentType.Boolean)
            text.Append(arguments.GetInteger(index) != 0 ? "True"u8 : "False"u8);
        else if (_compat && type == ArgumentType.Pointer)
            AppendDecimal(text, arguments.GetInteger(index), isSigned: false);
        else
            AppendPlain(text, arguments, index);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AppendInteger(Utf8Builder text, FormatPiece piece, long value, bool isSigned, int bits)
    {
        bool isNegative = isSigned && value < 0;
        ulong magnitude = unchecked(isNegative ? 0 - (ulong)value : (ulong)value);
        if (isNegative && !_compat && piece.Conversion is not ('d' or 'i'))
        {
            isNegative = false;
            magnitude = unchecked((ulong)value) & (bits == 64 ? ulong.MaxValue : (1UL << bits) - 1);
        }

        // What nearly every tracepoint uses, without a string in between.
        if (piece.IsZeroFilled && piece.Conversion != 'X')
        {
            if (isNegative)
                text.Append((byte)'-');

            int width = Math.Max(piece.Width - (isNegative ? 1 : 0), 1);
            if (piece.Conversion == 'x')
                text.AppendHex(magnitude, width);
            else if (piece.Conversion == 'o')
                text.AppendOctal(magnitude, width);
            else
                text.AppendDecimal(magnitude, width, (byte)'0');
            return;
        }

        string digits = piece.Conversion switch
        {
            'x' => magnitude.ToString("x"),
            'X' => magnitude.ToString("X"),
            'o' => ToOctal(magnitude),
            _ => magnitude.ToString(),
        };
        if (piece.Precision > digits.Length)
            digits = digits.PadLeft(piece.Precision, '0');

        string prefix = !piece.Flags.HasFlag(FormatFlags.Alternate)
            ? ""
            : piece.Conversion switch
            {
                'x' => "0x",
                'X' => "0X",
                'o' => _compat ? "0o" : "0",
                _ => "",
            };
        AppendSigned(text, piece, isNegative, prefix, digits, canZeroFill: true);
    }

    private static void AppendSigned(
        Utf8Builder text,
        FormatPiece piece,
        bool isNegative,
        string prefix,
        string digits,
        bool canZeroFill
    )
    {
        string sign =
            isNegative ? "-"
            : piece.Flags.HasFlag(FormatFlags.Plus) ? "+"
            : piece.Flags.HasFlag(FormatFlags.Space) ? " "
            : "";
        int padding = piece.Width - sign.Length - prefix.Length - digits.Length;
        bool left = piece.Flags.HasFlag(FormatFlags.Left);
        bool zeros = piece.Flags.HasFlag(FormatFlags.Zero) && !left && canZeroFill;
        if (!left && !zeros)
            text.AppendRepeated((byte)' ', padding);

        text.Append(sign);
        text.Append(prefix);
        if (zeros)
            text.AppendRepeated((byte)'0', padding);

        text.Append(digits);
        if (left)
            text.AppendRepeated((byte)' ', padding);
    }

    /// <summary>Applies precision (a cut) and width to the text written since <paramref name="start"/>.</summary>
    private static void Refit(Utf8Builder text, int start, FormatPiece piece)
    {
        string written = Encoding.UTF8.GetString(text.Written[start..]);
        if (piece.Precision >= 0 && CountRunes(written) > piece.Precision)
            written = string.Concat(written.EnumerateRunes().Take(piece.Precision));

        int padding = piece.Width - CountRunes(written);
        text.Truncate(start);
        if (!piece.Flags.HasFlag(FormatFlags.Left))
            text.AppendRepeated((byte)' ', padding);

        text.Append(written);
        if (piece.Flags.HasFlag(FormatFlags.Left))
            text.AppendRepeated((byte)' ', padding);
    }

    private static void AppendBlob(Utf8Builder text, ReadOnlySpan<byte> bytes)
    {
        text.Append((byte)'{');
        for (int i = 0; i < bytes.Length; i++)
        {
            if (i > 0)
                text.Append((byte)' ');

            text.AppendHex(bytes[i], 2);
        }

        text.Append((byte)'}');
    }

    private static void AppendPointer(Utf8Builder text, long value)
    {
        text.Append("0x"u8);
        text.AppendHex(unchecked((ulong)value), 16);
    }

    private static void AppendDecimal(Utf8Builder text, long value, bool isSigned)
    {
        if (isSigned && value < 0)
            text.Append((byte)'-');

        text.AppendDecimal(unchecked(isSigned && value < 0 ? 0 - (ulong)value : (ulong)value));
    }

    private static long Truncate(double value) =>
        double.IsNaN(value) ? 0
        : value >= long.MaxValue ? long.MaxValue
        : value <= long.MinValue ? long.MinValue
        : (long)value;

    private static string ToOctal(ulong value)
    {
        Span<char> digits = stackalloc char[22];
        int start = digits.Length;
        do
        {
            digits[--start] = (char)('0' + (value & 7));
            value >>= 3;
        } while (value != 0);

        return new string(digits[start..]);
    }

    private static int CountRunes(string text)
    {
        int count = 0;
        foreach (Rune _ in text.EnumerateRunes())
            count++;

        return count;
    }
}
