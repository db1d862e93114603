using System.Numerics;
using System.Text;
using Osprey.Symbols.Types.Compounds;

namespace Osprey.Values.Printing;

/// <summary>Formats the values of enumerations by name.</summary>
internal static class EnumText
{
    /// <summary>
    /// Gets the name of a value. If the enumeration's values are flags, the names of the set ones, as <c>(A | B)</c>;
    /// else the number.
    /// </summary>
    public static string Format(EnumType type, Int128 value)
    {
        long number = unchecked((long)value);
        foreach (Enumerator enumerator in type.Enumerators)
        {
            if (IsSame(type, enumerator.Value, number))
                return GetScope(type) + enumerator.Name;
        }

        return IsFlags(type) ? FormatFlags(type, unchecked((ulong)number) & GetMask(type)) : value.ToString();
    }

    /// <summary>
    /// Gets the prefix of an enumerator's name: a scoped enumeration's own name, else the scope of the enumeration.
    /// </summary>
    private static string GetScope(EnumType type)
    {
        if (type.Name is not { } name)
            return "";

        if (type.IsScoped)
            return name + "::";

        return name[..^Value.GetLastName(name).Length];
    }

    private static string FormatFlags(EnumType type, ulong value)
    {
        string scope = GetScope(type);
        var text = new StringBuilder();
        foreach (Enumerator enumerator in type.Enumerators)
        {
            ulong bits = unchecked((ulong)enumerator.Value);
            if ((value & bits) == 0)
                continue;

            text.Append(text.Length == 0 ? "(" : " | ").Append(scope).Append(enumerator.Name);
            value &= ~bits;
        }

        if (value != 0)
            text.Append(text.Length == 0 ? "(unknown: " : " | unknown: ").Append($"0x{value:x}");

        return text.Length == 0 ? "0" : text.Append(')').ToString();
    }

    private static bool IsFlags(EnumType type)
    {
        foreach (Enumerator enumerator in type.Enumerators)
        {
            ulong bits = unchecked((ulong)enumerator.Value);
            if (enumerator.Value < 0 || (bits != 0 && !BitOperations.IsPow2(bits)))
                return false;
        }

        return type.Enumerators.Count > 0;
    }

    private static bool IsSame(EnumType type, long left, long right) =>
        ((unchecked((ulong)left) ^ unchecked((ulong)right)) & GetMask(type)) == 0;

    private static ulong GetMask(EnumType type) =>
        type.Size is > 0 and < 8 and var size ? (1UL << ((int)size * 8)) - 1 : ulong.MaxValue;
}
