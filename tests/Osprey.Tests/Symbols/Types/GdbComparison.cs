using System.Globalization;
using System.Text.RegularExpressions;
using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Compounds;
using Osprey.Symbols.Types.Names;
using Osprey.Symbols.Types.Variables;
using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Symbols.Types;

/// <summary>Compares a catalog with gdb's answers about the same file.</summary>
internal sealed partial class GdbComparison(TypeCatalog catalog)
{
    public List<string> Differences { get; } = [];

    /// <summary>
    /// True to compare static members: gcc leaves out those that a unit does not use, and gdb may have read another
    /// unit.
    /// </summary>
    public bool CompareStatics { get; init; } = true;

    /// <summary>
    /// True to ignore <c>struct</c> before a name: in a file with units of C and of C++, gdb writes the types of both
    /// alike.
    /// </summary>
    public bool IgnoresTags { get; init; }

    /// <summary>Returns true for a name that is not compared, because the file has several meanings of it.</summary>
    public Func<string, bool> IsAmbiguous { get; init; } = _ => false;

    /// <summary>Most structs and unions that are compared, including those that are parts of the named ones.</summary>
    public int MaxTypes { get; init; } = 2_000;

    public int Types { get; private set; }

    /// <summary>The number of types without a name of their own.</summary>
    public int NamelessTypes { get; private set; }

    /// <summary>The number of members that are bit fields.</summary>
    public int BitFields { get; private set; }

    public int Members { get; private set; }

    public int Values { get; private set; }

    /// <summary>The folder of the sources and of gdb's script.</summary>
    public static string Samples { get; } =
        Path.Combine(Path.GetDirectoryName(Tools.Programs)!, "..", "Types", "Samples");

    /// <summary>Asks gdb for names, each with its kind before it, and compares the answers.</summary>
    public void Run(string file, string folder, params string[] names)
    {
        string list = Path.Combine(folder, "names");
        File.WriteAllLines(list, names);
        string text = Tools.Run(
            "env",
            [
                $"NAMES={list}",
                $"MAX_TYPES={MaxTypes.ToString(CultureInfo.InvariantCulture)}",
                "gdb",
                "-batch",
                "-nx",
                "-ex",
                $"source {Path.Combine(Samples, "dump.py")}",
                file,
            ],
            folder: folder
        );
        var lines = new Queue<string[]>(
            text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t'))
        );
        while (lines.TryDequeue(out string[]? line))
        {
            switch (line[0])
            {
                case "TYPE":
                    var members = new List<string[]>();
                    while (lines.TryPeek(out string[]? next) && next[0] is "FIELD" or "BASE" or "STATIC")
                        members.Add(lines.Dequeue());

                    CompareType(line, members);
                    break;
                case "SIZE":
                    Check(line[1], line[2], catalog.FindType(line[1])?.Size);
                    break;
                case "ADDRESS":
                    Check(
                        line[1],
                        line[2],
                        (catalog.FindVariable(line[1])?.Location as VariableLocation.Static)?.LinkAddress
                    );
                    break;
                case "VALUE":
                    Check(line[1], line[2], ReadConstant(line[1]));
                    break;
                case "ENUM":
                    CompareEnumerator(line);
                    break;
                default:
                    Differences.Add($"gdb has no {line[1]}: {line[^1]}");
                    break;
            }
        }
    }

    private void Check(string name, string expected, object? actual)
    {
        Values++;
        string text = Convert.ToString(actual, CultureInfo.InvariantCulture) ?? "";
        if (text != expected)
            Differences.Add($"{name}: gdb {expected}, here {(actual is null ? "nothing" : text)}");
    }

    private object? ReadConstant(string name)
    {
        if (catalog.FindVariable(name) is not { Location: VariableLocation.Constant constant } variable)
            return catalog.FindVariable(name)?.Location;

        ReadOnlySpan<byte> bytes = constant.Bytes.Span;
        bool isSigned =
            variable.Type?.Stripped is BaseType { Encoding: BaseEncoding.Signed or BaseEncoding.SignedChar };
        long value = isSigned && (bytes[^1] & 0x80) != 0 ? -1 : 0;
        for (int i = bytes.Length - 1; i >= 0; i--)
            value = (value << 8) | bytes[i];

        return value;
    }

    private void CompareEnumerator(string[] line)
    {
        string last = line[2][(line[2].LastIndexOf(':') + 1)..];
        if (IsAmbiguous(last))
            return;

        Enumerator? item = (catalog.FindType(line[1])?.Stripped as EnumType)?.Enumerators.FirstOrDefault(item =>
            item.Name == last
        );
        Check(line[2], line[3], item?.Value);
        Check(line[2], line[3], catalog.FindEnumerator(line[2])?.Enumerator.Value);
        Check(line[1] + "::" + last, line[3], catalog.FindEnumerator(line[1] + "::" + last)?.Enumerator.Value);
    }

    private void CompareType(string[] line, List<string[]> members)
    {
        string name = line[1];
        if (IsAmbiguous(name.Split('/')[0]))
            return;

        if (Find(name) is not { } type)
        {
            Differences.Add($"{name}: not found");
            return;
        }

        // gdb shows a type as empty when it has only a declaration of it.
        if (line[3] == "0" && members.Count == 0 && type.IsDeclaration)
            return;

        Types++;
        NamelessTypes += type.Name is null ? 1 : 0;
        BitFields += type.Members.Count(member => member.Bits is not null);
        Check(name, line[3], type.Size);
        Check(name, line[2], type.Kind == CompoundKind.Union ? "union" : "struct");
        List<string> actual = [.. type.Bases.Select(Describe), .. type.Members.Select(Describe)];
        List<string> expected =
        [
            .. members.Where(item => item[0] != "STATIC").OrderBy(item => item[0] != "BASE").Select(Describe),
        ];
        Members += expected.Count;
        for (int i = 0; i < Math.Max(actual.Count, expected.Count); i++)
        {
            string here = i < actual.Count ? actual[i] : "nothing";
            string gdb = i < expected.Count ? expected[i] : "nothing";
            if (
                here != gdb
                && !(
                    gdb.StartsWith("base ", StringComparison.Ordinal)
                    && gdb.Contains(" ? ", StringComparison.Ordinal)
                    && Mask(gdb) == Mask(here)
                )
            )
                Differences.Add($"{name}: gdb \"{gdb}\", here \"{here}\"");
        }

        if (!CompareStatics)
            return;

        string[] statics = [.. members.Where(item => item[0] == "STATIC").Select(item => item[1])];
        string[] found = [.. type.Body.Statics.Select(item => item.Name[(item.Name.LastIndexOf(':') + 1)..])];
        if (!statics.SequenceEqual(found))
            Differences.Add($"{name}: gdb statics {string.Join(' ', statics)}, here {string.Join(' ', found)}");
    }

    /// <summary>
    /// Finds the type of a name; numbers of members, counted from 0, can follow the name, for the types of those
    /// members.
    /// </summary>
    private CompoundType? Find(string name)
    {
        string[] parts = name.Split('/');
        DebugType? type = catalog.FindType(parts[0])?.Stripped;
        foreach (string number in parts.Skip(1))
        {
            int index = int.Parse(number, CultureInfo.InvariantCulture);
            type =
                type is CompoundType compound && index < compound.Members.Count
                    ? compound.Members[index].Type.Stripped
                    : null;
            while (type is PointerType or ArrayType)
                type = (type is PointerType pointer ? pointer.Target : ((ArrayType)type).Element)?.Stripped;
        }

        return type as CompoundType;
    }

    [GeneratedRegex(@"\b(struct|class|union|enum) (?!\{)")]
    private static partial Regex Tag();

    /// <summary>
    /// Writes a base's name and size, without its place: for virtual bases gdb has none, or one of its own.
    /// </summary>
    private static string Mask(string text)
    {
        string[] parts = text.Split(' ');
        return string.Join(' ', parts[0], parts[2], parts[3], parts[^1]);
    }

    private string Describe(string[] field)
    {
        string name = field[0] == "BASE" ? "base" : $"member {field[1]}";
        string size = field[5] == "decltype(nullptr)" ? "8" : field[4];
        return $"{name} {(field[2] == "None" ? "?" : field[2])} {field[3]} {size} {Normalise(field[5])}";
    }

    private string Describe(BaseClass item) =>
        $"base {(item.IsVirtual ? "?" : (item.Offset * 8)!.Value.ToString(CultureInfo.InvariantCulture))} 0 "
        + $"{item.Type.Size} {Normalise(TypeNames.Spell(item.Type))}";

    private string Describe(Member item)
    {
        ulong place = (item.Offset * 8) + (ulong)(item.Bits?.Shift ?? 0);
        return $"member {item.Name} {place} {item.Bits?.Count ?? 0} {GetSize(item.Type)} "
            + $"{Normalise(TypeNames.Spell(item.Type))}";
    }

    /// <summary>Returns a type's size; 0 for an open array and for a type that is only declared, as in gdb.</summary>
    private static ulong GetSize(DebugType type) => type.Size ?? 0;

    /// <summary>
    /// Makes spellings equal that differ only in blanks, in the order of a number's words, or in the text for a
    /// nameless type.
    /// </summary>
    private string Normalise(string spelling)
    {
        string text = spelling
            .Replace("__restrict__", "restrict", StringComparison.Ordinal)
            .Replace("(**)(...)", "(**)(void)", StringComparison.Ordinal);
        if (IgnoresTags)
            text = Tag().Replace(text, "");

        return text.Contains("::*)(", StringComparison.Ordinal)
            ? "method"
            : NameHash.Of(text).ToString("x16", CultureInfo.InvariantCulture);
    }
}
