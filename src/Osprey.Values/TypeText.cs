using System.Text;
using Osprey.Symbols.Types;

namespace Osprey.Values;

/// <summary>Writes types as C and C++ declare them, the way gdb spaces them: <c>int (*)[3]</c>, <c>const char * const</c>.</summary>
public static class TypeText
{
    private const int MaxDepth = 32;

    /// <summary>A type in words; "void" for null.</summary>
    public static string Format(DebugType? type) => Format(type, "", 0);

    private static string Format(DebugType? type, string inner, int depth)
    {
        if (depth > MaxDepth)
            return "..." + inner;

        switch (type)
        {
            case PointerType pointer:
                string declarator = GetSymbol(pointer.Kind) + inner;
                if (Unqualified(pointer.Target) is ArrayType or FunctionType)
                    declarator = $"({declarator})";

                return Format(pointer.Target, declarator, depth + 1);
            case QualifiedType qualified:
                return qualified.Target is PointerType
                    ? Format(qualified.Target, $" {qualified.Qualifier}{(inner.Length > 0 && inner[0] != ' ' ? " " : "")}{inner}", depth + 1)
                    : $"{qualified.Qualifier} {Format(qualified.Target, inner, depth + 1)}";
            case ArrayType array:
                return Format(array.Element, $"{inner}[{array.Count}]", depth + 1);
            case FunctionType function:
                return Format(function.Result, inner + FormatParameters(function, depth), depth + 1);
            default:
                string name = type is null ? "void" : type.Name ?? DescribeAnonymous(type);
                return inner.Length == 0 ? name : inner[0] == ' ' ? name + inner : $"{name} {inner}";
        }
    }

    private static DebugType? Unqualified(DebugType? type)
    {
        for (int depth = 0; depth < MaxDepth && type is QualifiedType qualified; depth++)
            type = qualified.Target;

        return type;
    }

    private static string FormatParameters(FunctionType function, int depth)
    {
        if (function.Parameters.Count == 0)
            return function.IsVariadic ? "(...)" : "(void)";

        var text = new StringBuilder("(");
        foreach (DebugType? parameter in function.Parameters)
            text.Append(text.Length > 1 ? ", " : "").Append(Format(parameter, "", depth + 1));

        return text.Append(function.IsVariadic ? ", ...)" : ")").ToString();
    }

    private static string GetSymbol(PointerKind kind) => kind switch
    {
        PointerKind.Reference => "&",
        PointerKind.RvalueReference => "&&",
        PointerKind.MemberPointer => "::*",
        _ => "*",
    };

    private static string DescribeAnonymous(DebugType type) => type switch
    {
        CompoundType { Kind: CompoundKind.Struct } => "struct {...}",
        CompoundType { Kind: CompoundKind.Class } => "class {...}",
        CompoundType => "union {...}",
        EnumType => "enum {...}",
        _ => "<unnamed>",
    };
}
