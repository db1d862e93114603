using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Compounds;

namespace Osprey.Values;

/// <summary>Questions about types that computing and printing ask.</summary>
internal static class TypeFacts
{
    // Far deeper than types nest; a damaged file can make them endless.
    private const int MaxDepth = 64;

    extension(DebugType? type)
    {
        /// <summary>Whether it is an integer: of the language, a character, bool, or an enumeration.</summary>
        public bool IsIntegral =>
            type?.Stripped switch
            {
                EnumType => true,
                BaseType b => b.Encoding is not (BaseEncoding.Float or BaseEncoding.ComplexFloat),
                _ => false,
            };

        /// <summary>Whether it is a real floating point number.</summary>
        public bool IsFloat => type?.Stripped is BaseType { Encoding: BaseEncoding.Float };

        /// <summary>Whether it is <c>bool</c>.</summary>
        public bool IsBool => type?.Stripped is BaseType { Encoding: BaseEncoding.Boolean };

        /// <summary>Whether it is a pointer, not a reference.</summary>
        public bool IsPointer => type?.Stripped is PointerType { Kind: PointerKind.Pointer };

        /// <summary>Whether it is a reference.</summary>
        public bool IsReference =>
            type?.Stripped is PointerType { Kind: PointerKind.Reference or PointerKind.RvalueReference };

        /// <summary>Whether a value can be taken as one number.</summary>
        public bool IsScalar => type.IsIntegral || type.IsFloat || type?.Stripped is PointerType;

        /// <summary>Whether its integer values can be below zero.</summary>
        public bool IsSignedInteger =>
            type?.Stripped switch
            {
                EnumType e => e.IsSigned,
                BaseType b => b.Encoding is BaseEncoding.Signed or BaseEncoding.SignedChar,
                _ => false,
            };

        /// <summary>Whether gdb prints it as a character: one byte of any sign, or of the wide kinds.</summary>
        public bool IsCharacter => type?.Stripped is BaseType b && (IsByteCharacter(b) || b.CharacterPrefix.Length > 0);

        /// <summary>
        /// What is before the quotes of its literals: "L", "u", "U"; empty for bytes and for what is no character.
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
        /// The alignment that compilers give the type, in bytes; of one with <c>alignas</c> too small.
        /// </summary>
        public ulong Alignment => GetAlignment(type, 0, new SearchBudget());
    }

    /// <summary>Whether two types are laid out and named alike: the same entry, or that of another unit.</summary>
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
            (BaseType a, BaseType b) => a.Encoding == b.Encoding && a.Size == b.Size,
            (PointerType a, PointerType b) => a.Kind == b.Kind && AreSame(a.Target, b.Target, depth + 1),
            (ArrayType a, ArrayType b) => a.Count == b.Count && AreSame(a.Element, b.Element, depth + 1),
            (CompoundType a, CompoundType b) => a.Name is not null && a.Name == b.Name,
            (EnumType a, EnumType b) => a.Name is not null && a.Name == b.Name,
            _ => false,
        };
    }

    // C has no number type of one byte but its characters.
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
