using System.Globalization;
using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Layout;
using Osprey.Traces.Text;

namespace Osprey.Cli.Rendering;

/// <summary>A type as text: a declaration with offsets and sizes before it, as gdb's <c>ptype /o</c> and pahole show it.</summary>
internal static class TypeText
{
    /// <summary>Writes a type.</summary>
    public static void Write(Utf8Builder text, DebugType type, int depth)
    {
        DebugType shape = type.Stripped;
        if (shape != type || type is TypedefType)
            text.Append($"{Escape(TypeNames.Spell(type))} is {Escape(TypeNames.Spell(Next(type)))}\n");

        switch (shape)
        {
            case CompoundType compound:
                WriteCompound(text, compound, depth);
                break;
            case EnumType enumeration:
                WriteEnum(text, enumeration);
                break;
            default:
                text.Append(string.Create(CultureInfo.InvariantCulture, $"{Escape(TypeNames.Spell(shape))}; // {DescribeSize(shape.Size)}\n"));
                break;
        }
    }

    /// <summary>What a typedef or qualified type stands for, one step.</summary>
    private static DebugType? Next(DebugType type) => type switch
    {
        TypedefType alias => alias.Target,
        QualifiedType qualified => qualified.Target,
        _ => type,
    };

    private static void WriteCompound(Utf8Builder text, CompoundType type, int depth)
    {
        string head = $"{type.Kind.ToString().ToLowerInvariant()} {type.Name}".TrimEnd();
        if (type.IsDeclaration)
        {
            text.Append($"{Escape(head)}; // only declared: no file has what is in it\n");
            return;
        }

        TypeLayout layout = TypeLayout.Create(type, depth);
        text.Append("  offset    size\n"u8);
        text.Append($"                  {Escape(head)} {{\n");
        foreach (LayoutRow row in layout.Rows)
            text.Append(FormatRow(row));

        foreach (DebugVariable variable in type.Body.Statics)
            text.Append($"                      static {Escape(TypeNames.SpellDeclaration(variable.Type, variable.Name.Split("::")[^1]))};\n");

        string holes = layout.HoleCount == 0 ? "" : layout.HoleCount == 1 ? ", 1 hole" : string.Create(CultureInfo.InvariantCulture, $", {layout.HoleCount} holes");
        string unused = layout.UnusedBytes == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {layout.UnusedBytes} bytes unused");
        text.Append($"                  }} // {DescribeSize(type.Size)}{holes}{unused}{(layout.IsCutShort ? ", more than is shown" : "")}\n");
    }

    private static string FormatRow(LayoutRow row)
    {
        string indent = new(' ', 4 * (row.Depth + 1));
        string place = row.IsBitField
            ? string.Create(CultureInfo.InvariantCulture, $"{row.Offset,6}:{row.Bit % 8}")
            : string.Create(CultureInfo.InvariantCulture, $"{row.Offset,6}  ");
        string size = row.IsBitField
            ? string.Create(CultureInfo.InvariantCulture, $"{row.BitCount,5}b  ")
            : string.Create(CultureInfo.InvariantCulture, $"{row.Size,6}  ");
        string body = row.Kind switch
        {
            LayoutRowKind.Base => $"base {row.Text};",
            LayoutRowKind.Open => $"{row.Text} {{",
            LayoutRowKind.Close => row.Text.Length == 0 ? "};" : $"}} {row.Text};",
            LayoutRowKind.Hole => $"// hole of {DescribeBits(row)}",
            LayoutRowKind.Padding => $"// padding of {DescribeBits(row)}",
            _ => $"{row.Text};",
        };
        bool hasPlace = row.Kind is not (LayoutRowKind.Close or LayoutRowKind.Hole or LayoutRowKind.Padding);
        return $"{(hasPlace ? place + "  " + size : new string(' ', 18))}{indent}{Escape(body)}\n";
    }

    private static string DescribeBits(LayoutRow row) => row.BitCount % 8 == 0
        ? DescribeSize(row.BitCount / 8)
        : string.Create(CultureInfo.InvariantCulture, $"{row.BitCount} bits");

    private static string DescribeSize(ulong? size) => size switch
    {
        null => "size unknown",
        1 => "1 byte",
        _ => string.Create(CultureInfo.InvariantCulture, $"{size} bytes"),
    };

    private static void WriteEnum(Utf8Builder text, EnumType type)
    {
        text.Append($"{(type.IsScoped ? "enum class" : "enum")}{(type.Name is null ? "" : " " + Escape(type.Name))}{(type.Underlying is null ? "" : " : " + TypeNames.Spell(type.Underlying))} {{\n");
        foreach (Enumerator enumerator in type.Enumerators)
        {
            text.Append(string.Create(CultureInfo.InvariantCulture,
                $"    {Escape(enumerator.Name)} = {(type.IsSigned ? enumerator.Value.ToString(CultureInfo.InvariantCulture) : unchecked((ulong)enumerator.Value).ToString(CultureInfo.InvariantCulture))},\n"));
        }

        text.Append($"}} // {DescribeSize(type.Size)}\n");
    }

    private static string Escape(string text) => TerminalText.Escape(text);
}
