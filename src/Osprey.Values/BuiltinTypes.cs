using System.Collections.Frozen;
using Osprey.Symbols.Types;

namespace Osprey.Values;

/// <summary>The built-in types of C and C++, as compilers for Linux on x86-64 and AArch64 lay them out.</summary>
internal static class BuiltinTypes
{
    private const int PointerSize = 8;

    /// <summary><c>bool</c>.</summary>
    public static BaseType Bool { get; } = new("bool", 1, BaseEncoding.Boolean);

    /// <summary><c>char</c>, signed.</summary>
    public static BaseType Char { get; } = new("char", 1, BaseEncoding.SignedChar);

    /// <summary><c>signed char</c>.</summary>
    public static BaseType SignedChar { get; } = new("signed char", 1, BaseEncoding.SignedChar);

    /// <summary><c>unsigned char</c>.</summary>
    public static BaseType UnsignedChar { get; } = new("unsigned char", 1, BaseEncoding.UnsignedChar);

    /// <summary><c>wchar_t</c>.</summary>
    public static BaseType WideChar { get; } = new("wchar_t", 4, BaseEncoding.Signed);

    /// <summary><c>char16_t</c>.</summary>
    public static BaseType Char16 { get; } = new("char16_t", 2, BaseEncoding.Utf);

    /// <summary><c>char32_t</c>.</summary>
    public static BaseType Char32 { get; } = new("char32_t", 4, BaseEncoding.Utf);

    /// <summary><c>short</c>.</summary>
    public static BaseType Short { get; } = new("short", 2, BaseEncoding.Signed);

    /// <summary><c>unsigned short</c>.</summary>
    public static BaseType UnsignedShort { get; } = new("unsigned short", 2, BaseEncoding.Unsigned);

    /// <summary><c>int</c>.</summary>
    public static BaseType Int { get; } = new("int", 4, BaseEncoding.Signed);

    /// <summary><c>unsigned int</c>.</summary>
    public static BaseType UnsignedInt { get; } = new("unsigned int", 4, BaseEncoding.Unsigned);

    /// <summary><c>long</c>.</summary>
    public static BaseType Long { get; } = new("long", 8, BaseEncoding.Signed);

    /// <summary><c>unsigned long</c>.</summary>
    public static BaseType UnsignedLong { get; } = new("unsigned long", 8, BaseEncoding.Unsigned);

    /// <summary><c>long long</c>.</summary>
    public static BaseType LongLong { get; } = new("long long", 8, BaseEncoding.Signed);

    /// <summary><c>unsigned long long</c>.</summary>
    public static BaseType UnsignedLongLong { get; } = new("unsigned long long", 8, BaseEncoding.Unsigned);

    /// <summary><c>__int128</c>.</summary>
    public static BaseType Int128 { get; } = new("__int128", 16, BaseEncoding.Signed);

    /// <summary><c>unsigned __int128</c>.</summary>
    public static BaseType UnsignedInt128 { get; } = new("unsigned __int128", 16, BaseEncoding.Unsigned);

    /// <summary><c>float</c>.</summary>
    public static BaseType Float { get; } = new("float", 4, BaseEncoding.Float);

    /// <summary><c>double</c>.</summary>
    public static BaseType Double { get; } = new("double", 8, BaseEncoding.Float);

    /// <summary><c>long double</c>, of 80 bits.</summary>
    public static BaseType LongDouble { get; } = new("long double", 16, BaseEncoding.Float);

    private static FrozenDictionary<string, BaseType> ByWords { get; } = Spell();

    /// <summary>Makes a pointer to a type; null means void.</summary>
    public static PointerType PointerTo(DebugType? target) => new(PointerKind.Pointer, () => target, PointerSize);

    /// <summary>Makes an array type; a null count means that the length is unknown.</summary>
    public static ArrayType ArrayOf(DebugType element, ulong? count) => new(() => element, count);

    /// <summary>Returns true when a word can be part of a built-in type's name.</summary>
    public static bool IsWord(string word) =>
        word
            is "bool"
                or "_Bool"
                or "char"
                or "signed"
                or "unsigned"
                or "short"
                or "int"
                or "long"
                or "float"
                or "double"
                or "__int128"
                or "wchar_t"
                or "char16_t"
                or "char32_t";

    /// <summary>
    /// Finds the type that words such as "long", "unsigned", "int" name, in any order; null when they name none.
    /// </summary>
    public static BaseType? Find(IEnumerable<string> words) =>
        ByWords.GetValueOrDefault(
            string.Join(' ', words.Select(word => word == "_Bool" ? "bool" : word).Order(StringComparer.Ordinal))
        );

    private static FrozenDictionary<string, BaseType> Spell()
    {
        var found = new Dictionary<string, BaseType>();
        foreach (
            BaseType type in new[]
            {
                Bool,
                Char,
                SignedChar,
                UnsignedChar,
                WideChar,
                Char16,
                Char32,
                Short,
                UnsignedShort,
                Int,
                UnsignedInt,
                Long,
                UnsignedLong,
                LongLong,
                UnsignedLongLong,
                Int128,
                UnsignedInt128,
                Float,
                Double,
                LongDouble,
            }
        )
        {
            string[] words = type.Name!.Split(' ');
            Add(found, type, words);
            bool isShortOrLong = words[^1] is "short" or "long";
            if (isShortOrLong)
                Add(found, type, [.. words, "int"]);

            if (type.Encoding == BaseEncoding.Signed && type != WideChar)
            {
                Add(found, type, [.. words, "signed"]);
                if (isShortOrLong)
                    Add(found, type, [.. words, "signed", "int"]);
            }
        }

        found["signed"] = Int;
        found["unsigned"] = UnsignedInt;
        return found.ToFrozenDictionary();
    }

    private static void Add(Dictionary<string, BaseType> found, BaseType type, IEnumerable<string> words) =>
        found.TryAdd(string.Join(' ', words.Order(StringComparer.Ordinal)), type);
}
