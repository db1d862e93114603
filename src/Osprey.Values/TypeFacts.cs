using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Compounds;
using Osprey.Values.Floats;

namespace Osprey.Values;

/// <summary>Answers the questions about types that evaluation and printing have.</summary>
internal static class TypeFacts
{
    // Types nest far less deep; in a damaged file they may nest without end.
    private const int MaxDepth = 64;

    // DW_ATE_lo_user: GCC's encoding of numbers that DWARF has no other for.
    private const BaseEncoding ComplexInteger = (BaseEncoding)0x80;

    extension(DebugType? type)
    {
        /// <summary>True for an integer, character, bool or enumeration.</summary>
        public bool IsIntegral =>
            type?.Stripped switch
            {
                EnumType => true,
                BaseType b => b.Encoding
                    is BaseEncoding.Address
                        or BaseEncoding.Boolean
                        or BaseEncoding.Signed
                        or BaseEncoding.SignedChar
                        or BaseEncoding.Unsigned
                        or BaseEncoding.UnsignedChar
                        or BaseEncoding.Utf,
                _ => false,
            };

        /// <summary>True for a floating point number of a format that is understood, and that is not complex.</summary>
        public bool IsFloat => FloatFormat.Find(type) is not null;

        /// <summary>True for a complex number of two floating point numbers that are understood.</summary>
        public bool IsComplex => FloatFormat.FindOfParts(type) is not null;

        /// <summary>
        /// The type of the two parts of a complex integer, an extension of GCC; null for other types.
        /// </summary>
        public BaseType? ComplexPart =>
            type?.Stripped is BaseType { Encoding: ComplexInteger, Name: { } name, Size: { } size }
            && name.StartsWith("complex ", StringComparison.Ordinal)
            && BuiltinTypes.Find(name.Split(' ')[1..]) is { } part
            && part.Size * 2 == size
                ? part
                : null;

        /// <summary>True for a vector of the processor, on whose elements operators work.</summary>
        public bool IsVector => type?.Stripped is ArrayType { IsVector: true };

        /// <summary>True for <c>bool</c>.</summary>
        public bool IsBool => type?.Stripped is BaseType { Encoding: BaseEncoding.Boolean };

        /// <summary>True for a pointer; false for a reference.</summary>
        public bool IsPointer => type?.Stripped is PointerType { Kind: PointerKind.Pointer };

        /// <summary>True for a reference.</summary>
        public bool IsReference =>
            type?.Stripped is PointerType { Kind: PointerKind.Reference or PointerKind.RvalueReference };

        /// <summary>True when a value of the type is one number.</summary>
        public bool IsScalar => type.IsIntegral || type.IsFloat || type?.Stripped is PointerType;

        /// <summary>True when the type is a signed integer or enumeration.</summary>
        public bool IsSignedInteger =>
            type?.Stripped switch
            {
                EnumType e => e.IsSigned,
                BaseType b => b.Encoding is BaseEncoding.Signed or BaseEncoding.SignedChar,
                _ => false,
            };

        /// <summary>True when gdb prints it as a character: an integer of one byte, or a wide character.</summary>
        public bool IsCharacter => type?.Stripped is BaseType b && (IsByteCharacter(b) || b.CharacterPrefix.Length > 0);

        /// <summary>
        /// The prefix of its literals: "L", "u" or "U"; empty for characters of one byte and other types.
        /// </summary>
        public string CharacterPrefix =>
            type?.Stripped is not BaseType b
                ? ""
                : b.Name switch
                {
                    "wchar_t" => "L",
                    "char16_t" => "u",
                    "char32_t" => "U",
                    _ => "",
                };

        /// <summary>
        /// The alignment that compilers give the type, in bytes. Does not see <c>alignas</c>, and is then too small.
        /// </summary>
        public ulong Alignment => GetAlignment(type, 0, new SearchBudget());
    }

    /// <summary>
    /// Returns true when two types have the same layout and name, also if two units describe the type separately.
    /// </summary>
    public static bool AreSame(DebugType? left, DebugType? right) => AreSame(left, right, 0);

    private static bool AreSame(DebugType? left, DebugType? right, int depth)
    {
        left = left?.Stripped;
        right = right?.Stripped;
        if (ReferenceEquals(left, right))
            return true;

        if (depth > MaxDepth)
            return false;

        return (left, right) switch
        {
            (BaseType a, BaseType b) => a.Encoding == b.Encoding && a.Size == b.Size && HaveSameFormat(a, b),
            (PointerType a, PointerType b) => a.Kind == b.Kind && AreSame(a.Target, b.Target, depth + 1),
            (ArrayType a, ArrayType b) => a.Count == b.Count
                && a.IsVector == b.IsVector
                && AreSame(a.Element, b.Element, depth + 1),
            (CompoundType a, CompoundType b) => a.Name is not null && a.Name == b.Name,
            (EnumType a, EnumType b) => a.Name is not null && a.Name == b.Name,
            _ => false,
        };
    }

    private static bool HaveSameFormat(BaseType left, BaseType right) =>
        FloatFormat.Find(left) == FloatFormat.Find(right)
        && FloatFormat.FindOfParts(left) == FloatFormat.FindOfParts(right);

    // C's only integer types of one byte are its characters.
    private static bool IsByteCharacter(BaseType type) =>
        type.Size == 1
        && type.Encoding
            is BaseEncoding.SignedChar
                or BaseEncoding.UnsignedChar
                or BaseEncoding.Utf
                or BaseEncoding.Signed
                or BaseEncoding.Unsigned;

    private static ulong GetAlignment(DebugType? type, int depth, SearchBudget budget)
    {
        if (depth > MaxDepth || !budget.TrySpend())
            return 1;

        return type?.Stripped switch
        {
            BaseType or EnumType or PointerType => Math.Clamp(type.Stripped.Size ?? 1, 1, 16),
            ArrayType array => GetAlignment(array.Element, depth + 1, budget),
            CompoundType compound => GetAlignment(compound, depth, budget),
            _ => 1,
        };
    }

    private static ulong GetAlignment(CompoundType type, int depth, SearchBudget budget)
    {
        ulong alignment = 1;
        foreach (Member member in type.Members)
            alignment = Math.Max(alignment, GetAlignment(member.Type, depth + 1, budget));

        foreach (BaseClass parent in type.Bases)
            alignment = Math.Max(alignment, parent.IsVirtual ? 8 : GetAlignment(parent.Type, depth + 1, budget));

        return alignment;
    }
}
