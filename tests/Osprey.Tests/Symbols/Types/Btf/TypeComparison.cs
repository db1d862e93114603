using System.Text.RegularExpressions;
using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Compounds;

namespace Osprey.Tests.Symbols.Types.Btf;

/// <summary>
/// Compares types by BTF with the same by DWARF. Two differences are BTF's own, and are counted: it has arrays of
/// several dimensions as one, with all elements, and one that is open-ended as one without elements.
/// </summary>
internal sealed partial class TypeComparison
{
    public int Types { get; private set; }

    public int Nameless { get; private set; }

    public int Members { get; private set; }

    public int BitFields { get; private set; }

    public int Enumerators { get; private set; }

    public int FlatArrays { get; private set; }

    public int EmptyArrays { get; private set; }

    public List<string> Differences { get; } = [];

    public void Compare(string name, DebugType btf, DebugType dwarf)
    {
        Types++;
        CompareContent(name, btf, dwarf);
    }

    private void CompareContent(string name, DebugType btf, DebugType dwarf)
    {
        Same(name, "kind", btf.GetType().Name, dwarf.GetType().Name);
        Same(name, "size", btf.Size, dwarf.Size);
        if (btf is EnumType numbers && dwarf is EnumType others)
        {
            Enumerators += numbers.Enumerators.Count;
            Same(name, "enumerators", string.Join(' ', numbers.Enumerators), string.Join(' ', others.Enumerators));
        }

        if (btf is not CompoundType own || dwarf is not CompoundType other)
            return;

        Same(name, "kind", own.Kind, other.Kind);
        Same(name, "count", own.Members.Count, other.Members.Count);
        foreach ((Member member, Member wanted) in own.Members.Zip(other.Members))
        {
            string place = $"{name}.{wanted.Name ?? "<nameless>"}";
            Members++;
            BitFields += member.Bits is null ? 0 : 1;
            Same(place, "name", member.Name, wanted.Name);
            Same(place, "offset", member.Offset, wanted.Offset);
            Same(place, "bits", member.Bits, wanted.Bits);
            Same(place, "size", member.Type.Size ?? 0, wanted.Type.Size ?? 0);
            SameSpelling(place, TypeNames.Spell(member.Type), TypeNames.Spell(wanted.Type));
            if (Strip(member.Type) is (CompoundType or EnumType) and { Name: null } inner)
            {
                Nameless++;
                CompareContent(place, inner, Strip(wanted.Type));
            }
        }
    }

    /// <summary>The type of an array's elements, or the type itself.</summary>
    private static DebugType Strip(DebugType type)
    {
        while (type.Stripped is ArrayType array)
            type = array.Element;

        return type is TypedefType ? type : type.Stripped;
    }

    private void SameSpelling(string place, string btf, string dwarf)
    {
        if (btf == dwarf)
            return;

        string flat = Dimensions()
            .Replace(
                dwarf,
                found =>
                    found.Value.Contains("[]", StringComparison.Ordinal)
                        ? "[0]"
                        : $"[{found.Groups[1].Captures.Aggregate(1UL, (all, one) => all * ulong.Parse(one.Value))}]"
            );
        EmptyArrays += dwarf.Contains("[]", StringComparison.Ordinal) ? 1 : 0;
        FlatArrays += dwarf.Contains("][", StringComparison.Ordinal) ? 1 : 0;
        Same(place, "type", btf, flat);
    }

    private void Same<T>(string place, string what, T btf, T dwarf)
    {
        if (!EqualityComparer<T>.Default.Equals(btf, dwarf))
            Differences.Add($"{place}: {what} is {btf} by BTF, {dwarf} by DWARF");
    }

    [GeneratedRegex(@"(?:\[(\d*)\])+")]
    private static partial Regex Dimensions();
}
