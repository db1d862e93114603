using System.Text.Json;
using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Compounds;
using Osprey.Symbols.Types.Layout;

namespace Osprey.Session.Answers.Guests;

/// <summary>The answer to: how does a type lie in memory?</summary>
/// <param name="Type">The type.</param>
/// <param name="Layout">Its members and holes.</param>
public sealed record TypeAnswer(DebugType Type, TypeLayout Layout)
{
    private static readonly Shape<LayoutRow> s_row = new Shape<LayoutRow>("rows")
        .Text("kind", row => JsonNamingPolicy.CamelCase.ConvertName(row.Kind.ToString()))
        .Integer("depth", row => row.Depth)
        .Unsigned("offset", row => row.Offset)
        .Size("size", row => row.Size)
        .Integer("bit", row => row.Bits?.Shift)
        .Optional()
        .Integer("bits", row => row.Bits?.Count)
        .Optional()
        .Text("text", row => row.Text);

    /// <summary>The columns.</summary>
    public static Shape<TypeAnswer> Shape { get; } =
        new Shape<TypeAnswer>("types")
            .Text("name", answer => answer.Layout.Name)
            .Text("type", answer => TypeNames.Spell(answer.Type.Stripped))
            .Size("size", answer => answer.Layout.Size)
            .Integer("members", answer => answer.Layout.MemberCount)
            .Size("holeBytes", answer => answer.Layout.HoleBytes)
            .Unsigned("holeBits", answer => answer.Layout.HoleBits)
            .Size("paddingBytes", answer => answer.Layout.PaddingBytes)
            .Records("rows", answer => answer.Layout.Rows, () => s_row);

    /// <summary>Asks for a type of some programs; a definition is preferred to a declaration.</summary>
    /// <param name="sources">The programs' types.</param>
    /// <param name="name">The type's name.</param>
    /// <param name="depth">How many levels of members that are structs are opened up.</param>
    /// <returns>Null when there is no such type.</returns>
    public static TypeAnswer? Ask(IEnumerable<ITypeSource> sources, string name, int depth)
    {
        DebugType? best = null;
        foreach (ITypeSource types in sources)
        {
            best = types.FindType(name) ?? best;
            if (best is not (null or CompoundType { IsDeclaration: true }))
                break;
        }

        return best is null ? null : new TypeAnswer(best, TypeLayout.Of(best, depth));
    }
}
