using System.Buffers.Binary;
using System.Globalization;
using Osprey.Symbols.Types;
using Osprey.Values.Containers;

namespace Osprey.Values.Expressions;

/// <content>What operators do.</content>
public sealed partial class ExpressionEvaluator
{
    /// <summary>Most elements of a slice.</summary>
    private const long MaxSlice = 1 << 20;

    private Value FromBool(bool value) => _space.FromInteger(BuiltinTypes.Bool, value ? 1 : 0);

    private Value FromDouble(DebugType type, double value)
    {
        byte[] bytes = new byte[8];
        if (type.Size == 4)
            BinaryPrimitives.WriteSingleLittleEndian(bytes, (float)value);
        else
            BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);

        return _space.FromBytes(type.Size == 4 ? type : BuiltinTypes.Double, bytes.AsMemory(0, type.Size == 4 ? 4 : 8));
    }

    private bool IsTrue(Value value)
    {
        Value scalar = ToScalar(value);
        return scalar.Type.IsFloat ? ToDouble(scalar, Current.Position) != 0 : ToNumber(scalar, Current.Position) != 0;
    }

    /// <summary>What an operator works on: references followed, smart pointers and atomics opened, arrays as pointers to their first element.</summary>
    private Value ToScalar(Value value)
    {
        Value target = value.Follow();
        target = SmartPointers.Unwrap(target) ?? SmartPointers.UnwrapScalar(target) ?? target;
        return target.ResolvedType switch
        {
            ArrayType array when target.Address is { } address => _space.FromPointer(array.Element, address),
            FunctionType function when target.Address is { } address => _space.FromPointer(function, address),
            _ => target,
        };
    }

    private Int128 ToNumber(Value value, int position)
    {
        if (_unevaluated > 0)
            return 1;

        return value.TryReadInteger(out Int128 number, out ValueProblem? problem) ? number : throw Error(problem.ToString(), position);
    }

    private long ToInteger(Value value, int position)
    {
        Int128 number = ToNumber(ToScalar(value), position);
        return number >= long.MinValue && number <= long.MaxValue ? (long)number : throw Error("the number is too large for an index", position);
    }

    private double ToDouble(Value value, int position)
    {
        if (_unevaluated > 0)
            return 1;

        return value.TryReadFloat(out double number, out ValueProblem? problem) ? number : throw Error(problem.ToString(), position);
    }

    private Value Dereference(Value value, int position)
    {
        Value pointer = ToScalar(value);
        if (pointer.Type.IsIntegral)
            return _space.At(BuiltinTypes.Long, unchecked((ulong)ToNumber(pointer, position)));

        if (!pointer.Type.IsPointer)
            throw Error($"a value of type {TypeText.Format(value.Type)} points to nothing", position);

        return ((PointerType)pointer.Type!.Stripped).Target is null
            ? throw Error("void * points to something of unknown type; cast it first", position)
            : pointer.Dereference();
    }

    private Value AddressOf(Value value, int position)
    {
        Value target = value.Follow();
        return target.Bits is not null ? throw Error("a bit field has no address", position)
            : target.Address is { } address ? _space.FromPointer(target.Type, address)
            : throw Error("the value is not in memory, so it has no address", position);
    }

    private Value ReadMember(Value value, string name, Token sign)
    {
        Value target = value.Follow();
        if (target.Member(name) is { } direct && sign.Text == ".")
            return direct;

        // "->" goes through whatever holds a pointer; a pointer itself is followed by Member.
        Value pointer = SmartPointers.Unwrap(target) ?? SmartPointers.UnwrapScalar(target) ?? target;
        if ((sign.Text == "->" || pointer.Type.IsPointer) && pointer.Member(name) is { } behind)
            return behind;

        if (target.Member(name) is { } own)
            return own;

        string[] near = [.. pointer.GetMemberNames().Concat(target.GetMemberNames()).Distinct().Where(known => known.Contains(name, StringComparison.OrdinalIgnoreCase) || name.Contains(known, StringComparison.OrdinalIgnoreCase)).Take(5)];
        string hint = near.Length > 0 ? $"; there is {string.Join(", ", near)}" : "";
        throw Error($"{TypeText.Format(pointer.Type)} has no member '{name}'{hint}", sign.End);
    }

    private Value Index(Value value, Value at, int position)
    {
        Value target = value.Follow();
        if (target.AsContainer() is ContainerView.Items items)
            return IndexContainer(items, at, position);

        if (target.AsContainer() is ContainerView.Text text)
            return text.First.At(unchecked((ulong)(ToInteger(at, position) * (long)(text.First.Size ?? 1))), text.First.Type);

        Value holder = target.ResolvedType is ArrayType ? target : ToScalar(target);
        return holder.Index(ToInteger(at, position)) ?? throw Error($"a value of type {TypeText.Format(value.Type)} has no elements", position);
    }

    private Value IndexContainer(ContainerView.Items items, Value at, int position)
    {
        bool isMap = items.Kind is ContainerKind.Map;
        if (!isMap && items.At is { } find && ToInteger(at, position) is >= 0 and var place)
        {
            return items.Count is not { } count || (ulong)place < count
                ? find((ulong)place)
                : throw Error(string.Create(CultureInfo.InvariantCulture, $"index {place} is outside of {items.Title}"), position);
        }

        string? wantedText = at.AsString();
        Int128 wanted = wantedText is null ? ToNumber(ToScalar(at), position) : 0;
        long index = 0;
        ElementWalk walk = items.Start();
        foreach (ContainerElement element in walk.Enumerate())
        {
            bool found = element.Key is not { } key ? !isMap && index == wanted
                : wantedText is not null ? key.AsString() == wantedText
                : key.TryReadInteger(out Int128 number, out _) && number == wanted;
            if (found)
                return element.Value;

            index++;
        }

        throw Error(isMap ? $"{items.Title} has no such key" : $"the index is outside of {items.Title}", position);
    }

    private Value MakeSlice(Value value, long first, long end, int position)
    {
        if (end < first || end - first > MaxSlice)
            throw Error($"a slice from {first} to {end} is empty or too long", position);

        Value start = Index(value, _space.FromInteger(BuiltinTypes.Long, first), position);
        return MakeArray(start, end - first, position);
    }

    private Value MakeArray(Value first, Value count, int position) => MakeArray(first.Follow(), ToInteger(count, position), position);

    private Value MakeArray(Value first, long count, int position) =>
        count is < 1 or > MaxSlice ? throw Error($"{count} elements can't be shown", position)
        : first.Type is null ? throw Error("the type of the elements is not known", position)
        : first.Address is { } address ? _space.At(BuiltinTypes.ArrayOf(first.Type, (ulong)count), address)
        : throw Error("only what is in memory has neighbours", position);

    private Value Reinterpret(Value value, DebugType? type, int position) =>
        type.IsPointer || type.IsIntegral ? Convert(value, type, position) : value.Follow().Reinterpret(type);

    private Value Convert(Value value, DebugType? type, int position)
    {
        if (type is null)
            return value.Reinterpret(null);

        if (type.IsFloat)
            return FromDouble(type, ToDouble(ToScalar(value), position));

        if (type.IsBool)
            return FromBool(_unevaluated > 0 || IsTrue(value));

        if (type.IsIntegral || type.IsPointer)
        {
            Value scalar = ToScalar(value);
            Int128 number = scalar.Type.IsFloat ? (Int128)Math.Truncate(ToDouble(scalar, position)) : ToNumber(scalar, position);
            return _space.FromInteger(type, number);
        }

        Value target = value.Follow();
        if (target.FindBase(parent => TypeFacts.AreSame(parent, type)) is { } found)
            return found;

        return target.Address is { } address ? _space.At(type, address) : target.Reinterpret(type);
    }

    private Value ComputeUnary(Token sign, Value operand)
    {
        Value scalar = ToScalar(operand);
        if (sign.Text == "!")
            return FromBool(_unevaluated == 0 && !IsTrue(scalar));

        if (scalar.Type.IsFloat && sign.Text != "~")
        {
            double number = ToDouble(scalar, sign.Position);
            return FromDouble(scalar.Type!, sign.Text == "-" ? -number : number);
        }

        if (!scalar.Type.IsIntegral)
            throw Error($"'{sign.Text}' does not work on {TypeText.Format(operand.Type)}", sign.Position);

        DebugType type = Promote(scalar.Type);
        Int128 value = ToNumber(scalar, sign.Position);
        return FromWrapped(type, sign.Text switch { "-" => unchecked(-value), "~" => ~value, _ => value });
    }

    private Value Compute(Token sign, Value left, Value right)
    {
        Value a = ToScalar(left);
        Value b = ToScalar(right);
        if (a.Type.IsPointer || b.Type.IsPointer)
            return ComputePointers(sign, a, b);

        if (!(a.Type.IsIntegral || a.Type.IsFloat) || !(b.Type.IsIntegral || b.Type.IsFloat))
        {
            Value bad = a.Type.IsIntegral || a.Type.IsFloat ? right : left;
            throw Error($"'{sign.Text}' does not work on {TypeText.Format(bad.Type)}", sign.Position);
        }

        return a.Type.IsFloat || b.Type.IsFloat ? ComputeFloats(sign, a, b) : ComputeIntegers(sign, a, b);
    }

    private Value ComputePointers(Token sign, Value a, Value b)
    {
        Int128 left = ToNumber(a, sign.Position);
        Int128 right = ToNumber(b, sign.Position);
        bool areBoth = a.Type.IsPointer && b.Type.IsPointer;
        DebugType? type = a.Type.IsPointer ? a.Type : b.Type;
        DebugType? target = ((PointerType)type!.Stripped).Target;
        Int128 size = _space.GetSize(target) is { } known and > 0 ? (Int128)known : 1;
        return sign.Text switch
        {
            "==" or "!=" or "<" or ">" or "<=" or ">=" => FromBool(Compare(sign.Text, left.CompareTo(right))),
            "-" when areBoth => _space.FromInteger(BuiltinTypes.Long, (left - right) / size),
            "+" when !areBoth => FromWrapped(type, a.Type.IsPointer ? left + (right * size) : right + (left * size)),
            "-" when a.Type.IsPointer => FromWrapped(type, left - (right * size)),
            "&" or "|" or "^" when !areBoth => ComputeIntegers(sign, _space.FromInteger(BuiltinTypes.UnsignedLong, left), _space.FromInteger(BuiltinTypes.UnsignedLong, right)),
            _ => throw Error($"'{sign.Text}' does not work on pointers", sign.Position),
        };
    }

    private Value ComputeFloats(Token sign, Value a, Value b)
    {
        double left = ToDouble(a, sign.Position);
        double right = ToDouble(b, sign.Position);
        DebugType type = a.Type.IsFloat && b.Type.IsFloat && a.Type!.Size == 4 && b.Type!.Size == 4 ? BuiltinTypes.Float : BuiltinTypes.Double;
        return sign.Text switch
        {
            "+" => FromDouble(type, left + right),
            "-" => FromDouble(type, left - right),
            "*" => FromDouble(type, left * right),
            "/" => FromDouble(type, left / right),
            "==" or "!=" or "<" or ">" or "<=" or ">=" => FromBool(sign.Text == "!=" ? left != right : !double.IsNaN(left) && !double.IsNaN(right) && Compare(sign.Text, left.CompareTo(right))),
            _ => throw Error($"'{sign.Text}' does not work on floating point numbers", sign.Position),
        };
    }

    private Value ComputeIntegers(Token sign, Value a, Value b)
    {
        Int128 left = ToNumber(a, sign.Position);
        Int128 right = ToNumber(b, sign.Position);
        bool isShift = sign.Text is "<<" or ">>";
        DebugType type = isShift ? Promote(a.Type) : Combine(Promote(a.Type), Promote(b.Type));
        left = Wrap(type, left);
        right = isShift ? right : Wrap(type, right);
        if (sign.Text is "/" or "%" && right == 0)
            throw Error("division by zero", sign.Position);

        if (isShift && (right < 0 || right >= (Int128)((type.Size ?? 8) * 8)))
            throw Error($"a shift by {right} is not defined", sign.Position);

        return sign.Text switch
        {
            "+" => FromWrapped(type, unchecked(left + right)),
            "-" => FromWrapped(type, unchecked(left - right)),
            "*" => FromWrapped(type, unchecked(left * right)),
            "/" => FromWrapped(type, left / right),
            "%" => FromWrapped(type, left % right),
            "&" => FromWrapped(type, left & right),
            "|" => FromWrapped(type, left | right),
            "^" => FromWrapped(type, left ^ right),
            "<<" => FromWrapped(type, unchecked(left << (int)right)),
            ">>" => FromWrapped(type, left >> (int)right),
            _ => FromBool(Compare(sign.Text, left.CompareTo(right))),
        };
    }

    private static bool Compare(string sign, int order) => sign switch
    {
        "==" => order == 0,
        "!=" => order != 0,
        "<" => order < 0,
        ">" => order > 0,
        "<=" => order <= 0,
        _ => order >= 0,
    };

    private Value FromWrapped(DebugType type, Int128 value) => _space.FromInteger(type, Wrap(type, value));

    /// <summary>What is left of a number in a type's bits.</summary>
    private static Int128 Wrap(DebugType type, Int128 value)
    {
        int unused = 128 - (int)(Math.Min(type.Size ?? 8, 16) * 8);
        return unchecked(type.IsSignedInteger ? (value << unused) >> unused : (Int128)((UInt128)(value << unused) >> unused));
    }

    /// <summary>Integer promotion (C17, section 6.3.1.1).</summary>
    private static DebugType Promote(DebugType? type)
    {
        DebugType shape = type!.Stripped;
        DebugType integer = shape is EnumType { Underlying: { } underlying } ? underlying.Stripped : shape;
        return (integer.Size ?? 8) < 4 || integer is EnumType or BaseType { Encoding: BaseEncoding.Boolean } ? BuiltinTypes.Int : integer;
    }

    /// <summary>The usual arithmetic conversions (C17, section 6.3.1.8).</summary>
    private static DebugType Combine(DebugType left, DebugType right)
    {
        ulong a = left.Size ?? 8;
        ulong b = right.Size ?? 8;
        if (a != b)
            return a > b ? left : right;

        return left.IsSignedInteger ? right : left;
    }
}
