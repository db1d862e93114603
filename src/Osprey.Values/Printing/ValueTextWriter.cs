using System.Globalization;
using System.Text;
using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Compounds;
using Osprey.Values.Floats;

namespace Osprey.Values.Printing;

// The rules are gdb's, as its documentation and its output show them: only the outermost pointer has its type before
// it; equal elements in a row are written once; character arrays are strings without their last NUL.

/// <summary>Writes one value as text.</summary>
internal sealed partial class ValueTextWriter(ValueTextOptions options)
{
    // The longest text in characters, because a hostile guest can make nested containers and structs endless.
    private const int MaxLength = 1 << 22;

    private readonly StringBuilder _text = new();
    private readonly HashSet<ulong> _statics = [];
    private HashSet<ulong> _virtualBases = [];
    private bool _isBase;
    private bool _isInVector;

    private bool IsFull => _text.Length > MaxLength;

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    /// <summary>Writes a value, with its type where gdb writes it.</summary>
    public void WriteTop(Value value)
    {
        if (value.Type.IsReference)
        {
            if (HasBytes(value))
                Append($"({TypeNames.Spell(value.Type)}) ");

            WriteReference(value, 0, true);
            return;
        }

        if (
            value.Type?.Stripped is PointerType pointer and not { Kind: PointerKind.MemberPointer }
            && !options.Hex
            && value.Bits is null
        )
        {
            bool isPlainString =
                value.Type is not TypedefType && Unqualified(pointer.Target) is BaseType { Name: "char" };
            if (!isPlainString && HasBytes(value))
                Append($"({TypeNames.Spell(value.Type)}) ");
        }

        Write(value, 0);
    }

    /// <summary>Writes a value as a part of another.</summary>
    public void Write(Value value, int depth)
    {
        if (IsFull)
        {
            Append("...");
            return;
        }

        switch (value.ResolvedType)
        {
            case null:
                WriteVoid(value);
                break;
            case FunctionType:
                WriteFunction(value);
                break;
            case PointerType { Kind: PointerKind.Reference or PointerKind.RvalueReference }:
                WriteReference(value, depth, false);
                break;
            case PointerType pointer:
                WritePointer(value, pointer);
                break;
            case ArrayType array:
                WriteArray(value, array, depth);
                break;
            case CompoundType compound:
                WriteCompound(value, compound, depth);
                break;
            default:
                WriteScalar(value);
                break;
        }
    }

    private static bool HasBytes(Value value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        return value.ReadBytes(bytes[..(int)Math.Min(value.Size ?? 0, sizeof(ulong))]) is null;
    }

    private static DebugType? Unqualified(DebugType? type)
    {
        for (int depth = 0; depth < 8 && type is QualifiedType qualified; depth++)
            type = qualified.Target;

        return type;
    }

    private void WriteVoid(Value value)
    {
        if (
            value.Type is null
            && value.Address is null
            && value.Problem is { Kind: ValueProblemKind.OptimizedOut or ValueProblemKind.NotKnown } problem
        )
            WriteProblem(problem);
        else
            Append("void");
    }

    private void WriteScalar(Value value)
    {
        if (FloatFormat.Find(value.Type) is { } format)
        {
            Span<byte> bytes = stackalloc byte[16];
            bytes = bytes[..format.Bytes];
            if (value.ReadBytes(bytes) is { } missing)
                WriteProblem(missing);
            else
                Append(FloatText.Format(bytes, format));

            return;
        }

        if (value.Type.IsComplex)
        {
            WriteComplex(value);
            return;
        }

        if (value.Type.ComplexPart is { } part)
        {
            if (value.Problem is { } unknown)
            {
                WriteProblem(unknown);
                return;
            }

            WriteScalar(value.At(0, part));
            Append(" + ");
            WriteScalar(value.At(part.Size!.Value, part));
            Append("i");
            return;
        }

        if (!value.TryReadInteger(out Int128 number, out ValueProblem? problem))
        {
            WriteProblem(problem);
            return;
        }

        Append(FormatInteger(value, number));
    }

    /// <summary>Writes a complex number as gdb does: 1.5 + -2.5i.</summary>
    private void WriteComplex(Value value)
    {
        Span<byte> bytes = stackalloc byte[32];
        bytes = bytes[..(int)Math.Min(value.Size ?? 16, 32)];
        if (value.ReadBytes(bytes) is { } missing)
        {
            WriteProblem(missing);
            return;
        }

        int half = bytes.Length / 2;
        FloatFormat format = FloatFormat.FindOfParts(value.Type)!;
        Append($"{FloatText.Format(bytes[..half], format)} + {FloatText.Format(bytes[half..], format)}i");
    }

    private string FormatInteger(Value value, Int128 number)
    {
        DebugType type = value.ResolvedType!;
        int size = (int)Math.Min(type.Size ?? 8, 16);
        if (options.Hex)
        {
            int bits = value.Bits?.Count ?? (size * 8);
            return $"0x{unchecked((UInt128)number << (128 - bits) >> (128 - bits)):x}";
        }

        if (type is EnumType enumeration)
            return EnumText.Format(enumeration, number);

        if (type.IsBool && number >= 0 && number <= 1)
            return number == 1 ? "true" : "false";

        string text = type.IsSignedInteger
            ? number.ToString(CultureInfo.InvariantCulture)
            : unchecked((UInt128)number).ToString(CultureInfo.InvariantCulture);
        return type.IsCharacter && !_isInVector
            ? $"{text} {CharacterText.Quote(unchecked((uint)number) & GetMask(size), size, type.CharacterPrefix)}"
            : text;
    }

    private static uint GetMask(int size) => size >= 4 ? uint.MaxValue : (1u << (size * 8)) - 1;

    private void WriteProblem(ValueProblem problem) =>
        Append(
            problem.Kind switch
            {
                ValueProblemKind.OptimizedOut => "<optimized out>",
                ValueProblemKind.NoSize => "<incomplete type>",
                ValueProblemKind.Unreadable => $"<error: {problem.Message}>",
                _ => $"<not known: {problem.Message}>",
            }
        );

    private void Append(string text) => _text.Append(text);

    private void AppendAddress(ValueSpace space, ulong address)
    {
        _text.Append(CultureInfo.InvariantCulture, $"0x{address:x}");
        if (options.Symbols && !options.Hex && address != 0 && space.Names?.Find(address) is { } name)
            _text.Append(CultureInfo.InvariantCulture, $" <{name}>");
    }
}
