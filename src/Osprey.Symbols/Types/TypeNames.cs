using System.Globalization;
using System.Text;
using Osprey.Symbols.Types.Compounds;

namespace Osprey.Symbols.Types;

/// <summary>
/// Writes types and declarations as C++ does: <c>const char *</c>, <c>int (*)(long)</c>, <c>int (*name[3])(void)</c>.
/// </summary>
/// <remarks>Types of C are written as in C, with their keyword: <c>struct list_head *</c>.</remarks>
public static class TypeNames
{
    /// <summary>Deepest nesting of types that is written out; a deeper one becomes <c>...</c>.</summary>
    private const int MaxDepth = 100;

    /// <summary>Writes a type; <c>void</c> for null.</summary>
    public static string Spell(DebugType? type) => SpellDeclaration(type, "");

    /// <summary>Writes the declaration of a name; the type alone for an empty name.</summary>
    internal static string SpellDeclaration(DebugType? type, string name) => Spell(type, name, MaxDepth);

    /// <summary>Writes an argument of a template, as it stands between the template's brackets.</summary>
    internal static string SpellArgument(TemplateArgument argument)
    {
        if (argument.Value is not { } value)
            return Spell(argument.Type);

        return argument.Type?.Stripped switch
        {
            BaseType { Encoding: BaseEncoding.Boolean } => value == 0 ? "false" : "true",
            BaseType { Encoding: BaseEncoding.Unsigned or BaseEncoding.UnsignedChar } => unchecked(
                (ulong)value
            ).ToString(CultureInfo.InvariantCulture),
            EnumType type => $"({Spell(type)}){value.ToString(CultureInfo.InvariantCulture)}",
            _ => value.ToString(CultureInfo.InvariantCulture),
        };
    }

    /// <summary>Writes a type around the text declared so far.</summary>
    private static string Spell(DebugType? type, string inner, int depth)
    {
        if (depth == 0)
            return Join("...", inner);

        switch (type)
        {
            case PointerType pointer:
                string sign = pointer.Kind switch
                {
                    PointerKind.Reference => "&",
                    PointerKind.RvalueReference => "&&",
                    PointerKind.MemberPointer => $"{SpellName(pointer.Container)}::*",
                    _ => "*",
                };
                string declared = sign + inner;
                if (GetShape(pointer.Target) is ArrayType or FunctionType)
                    declared = $"({declared})";

                return Spell(pointer.Target, declared, depth - 1);
            case ArrayType array:
                string count = array.Count is { } items ? items.ToString(CultureInfo.InvariantCulture) : "";
                return Spell(array.Element, $"{inner}[{count}]", depth - 1);
            case FunctionType function:
                return Spell(function.Result, $"{inner}({SpellParameters(function, inner, depth - 1)})", depth - 1);
            case QualifiedType qualified:
                return SpellQualified(qualified, inner, depth);
            default:
                return Join(SpellName(type), inner);
        }
    }

    private static string SpellQualified(QualifiedType qualified, string inner, int depth)
    {
        // Qualifiers of a pointer are behind its sign; those of any other type are before it.
        var words = new List<string> { qualified.Qualifier };
        DebugType? target = qualified.Target;
        for (int links = 0; target is QualifiedType next && links < MaxDepth; links++)
        {
            if (!words.Contains(next.Qualifier))
                words.Add(next.Qualifier);

            target = next.Target;
        }

        if (target is PointerType)
        {
            words.Reverse();
            string behind = string.Join(' ', words);
            return Spell(target, Join($" {behind}", inner), depth - 1);
        }

        // An array is const when its elements are, and debug info may say so for both.
        DebugType? element = target is ArrayType array ? array.Element : null;
        for (int links = 0; element is QualifiedType or ArrayType && links < MaxDepth; links++)
        {
            if (element is QualifiedType inside)
                words.Remove(inside.Qualifier);

            element = element is ArrayType nested ? nested.Element : ((QualifiedType)element).Target;
        }

        if (words.Count == 0)
            return Spell(target, inner, depth - 1);

        string before = string.Join(' ', words);
        return target is ArrayType or FunctionType
            ? $"{before} {Spell(target, inner, depth - 1)}"
            : $"{before} {Join(SpellName(target), inner)}";
    }

    private static string SpellParameters(FunctionType function, string inner, int depth)
    {
        if (function.Parameters.Count == 0)
            return function.IsVariadic ? "..." : "void";

        var text = new StringBuilder();
        int first = inner.Contains("::*", StringComparison.Ordinal) ? 1 : 0;
        for (int i = first; i < function.Parameters.Count; i++)
        {
            if (i > first)
                text.Append(", ");

            text.Append(Spell(function.Parameters[i], "", depth));
        }

        if (function.IsVariadic)
            text.Append(text.Length > 0 ? ", ..." : "...");

        return text.Length == 0 ? "void" : text.ToString();
    }

    /// <summary>
    /// Returns the type that decides whether a pointer's sign needs brackets; qualifiers do not matter for that.
    /// </summary>
    private static DebugType? GetShape(DebugType? type)
    {
        for (int i = 0; i < MaxDepth && type is QualifiedType qualified; i++)
            type = qualified.Target;

        return type;
    }

    private static string SpellName(DebugType? type) =>
        type switch
        {
            null => "void",
            CompoundType { Name: null } compound => $"{compound.Keyword} {{...}}",
            CompoundType { IsTag: true } compound => $"{compound.Keyword} {compound.Name}",
            EnumType { Name: null } => "enum {...}",
            EnumType { IsTag: true } => $"enum {type.Name}",
            UnspecifiedType { Name: null } => "<unknown type>",
            _ => type.Name ?? "<unnamed>",
        };

    private static string Join(string name, string inner)
    {
        if (inner.Length == 0)
            return name;

        return inner[0] is ' ' ? name + inner : $"{name} {inner}";
    }
}
