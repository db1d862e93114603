using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Compounds;

namespace Osprey.Values.Containers.Intrusive;

// The container's value traits say which part of an element is the hook that links it: mhtraits<T, HOOK, MEMBER> for a
// hook that is a member, bhtraits<T, TRAITS, MODE, TAG, ...> for one that is a base class. Not every compiler gives the
// offset of MEMBER in debug info. Then its name is taken from the name of the traits' type; and if that has none, the
// element's only member of the hook's type is used.

/// <summary>The place of the links of a Boost intrusive container in its elements.</summary>
/// <param name="Element">The type of the elements.</param>
/// <param name="NodeOffset">The offset of the links in an element, in bytes.</param>
internal sealed record HookLayout(DebugType Element, ulong NodeOffset)
{
    private const string Prefix = "boost::intrusive::";
    private const int MaxDepth = 32;

    /// <summary>
    /// Finds the layout of a container's elements; null when its traits are unknown, or do not say which hook it uses.
    /// </summary>
    /// <param name="container">The container.</param>
    /// <param name="link">The name of a member of the links, such as "next_".</param>
    public static HookLayout? Find(Value container, string link)
    {
        CompoundType? traits = FindTraits(container, 0, new SearchBudget());
        if (traits is null || LibraryTypes.GetArgument(traits, 0) is not { } element)
            return null;

        ValueSpace space = container.Space;
        ulong? offset = LibraryTypes.GetTemplate(traits)[Prefix.Length..] switch
        {
            "mhtraits" => FindMember(space, traits, element, LibraryTypes.GetArgument(traits, 1), link),
            "member_value_traits" => FindMember(space, traits, element, null, link),
            "bhtraits" => FindTagged(space, space.Resolve(element), LibraryTypes.GetArgument(traits, 3), link),
            _ => LibraryTypes.TryGetOffset(space, element, out ulong? direct, link) ? direct : null,
        };
        return offset is { } known ? new HookLayout(element, known) : null;
    }

    private static CompoundType? FindTraits(Value value, int depth, SearchBudget budget)
    {
        if (depth > MaxDepth || value.ResolvedType is not CompoundType compound || !budget.TrySpend())
            return null;

        if (
            compound.Body.TemplateArguments.Count > 0
            && LibraryTypes.GetArgument(compound, 0) is { } first
            && value.Space.Resolve(first) is CompoundType traits
            && LibraryTypes.GetTemplate(traits) is { } template
            && template.StartsWith(Prefix, StringComparison.Ordinal)
            && template.EndsWith("traits", StringComparison.Ordinal)
        )
        {
            return traits;
        }

        foreach (BaseClass parent in compound.Bases)
        {
            if (FindTraits(value.Base(parent), depth + 1, budget) is { } found)
                return found;
        }

        return null;
    }

    private static ulong? FindMember(
        ValueSpace space,
        CompoundType traits,
        DebugType element,
        DebugType? hook,
        string link
    )
    {
        ulong? offset = FindMemberOffset(space, traits, element, hook, out DebugType? type);
        return offset is { } at && LibraryTypes.TryGetOffset(space, type ?? hook, out ulong? inner, link)
            ? at + inner
            : null;
    }

    private static ulong? FindMemberOffset(
        ValueSpace space,
        CompoundType traits,
        DebugType element,
        DebugType? hook,
        out DebugType? type
    )
    {
        type = hook;
        foreach (TemplateArgument argument in traits.Body.TemplateArguments)
        {
            if (
                argument.Value is >= 0 and { } given
                && argument.Type?.Stripped is PointerType { Kind: PointerKind.MemberPointer } pointer
            )
            {
                type = pointer.Target ?? hook;
                return (ulong)given;
            }
        }

        if (
            GetMemberName(traits.Name) is { } name
            && space.At(element, 0).Member(name) is { Address: { } named } member
        )
        {
            type = member.Type;
            return named;
        }

        return FindOnlyMember(space, element, hook);
    }

    /// <summary>
    /// Gets the last name after the <c>&amp;</c> in the traits' name: "hook" of "mhtraits&lt;..., &amp;item::hook&gt;".
    /// </summary>
    private static string? GetMemberName(string? name)
    {
        int start = name?.LastIndexOf('&') ?? -1;
        if (start < 0)
            return null;

        int end = name!.Length;
        while (end > start && !(char.IsAsciiLetterOrDigit(name[end - 1]) || name[end - 1] == '_'))
            end--;

        int from = name.LastIndexOf(':', end - 1);
        return from > start ? name[(from + 1)..end] : null;
    }

    private static ulong? FindOnlyMember(ValueSpace space, DebugType element, DebugType? hook)
    {
        ulong? found = null;
        if (hook is null || space.Resolve(element) is not CompoundType compound)
            return null;

        foreach (Member member in compound.Members)
        {
            if (!TypeFacts.AreSame(member.Type, hook))
                continue;

            if (found is not null)
                return null;

            found = member.Offset;
        }

        return found;
    }

    /// <summary>Finds the links in the base-class hook that has a tag.</summary>
    private static ulong? FindTagged(ValueSpace space, DebugType? element, DebugType? tag, string link)
    {
        if (element is null)
            return null;

        Value? holder = space
            .At(element, 0)
            .FindBase(type =>
                LibraryTypes.GetTemplate(type) is Prefix + "node_holder" or Prefix + "detail::node_holder"
                && TypeFacts.AreSame(LibraryTypes.GetArgument(type, 1), tag)
                && LibraryTypes.TryGetOffset(space, type, out _, link)
            );
        return holder?.Member(link)?.Address;
    }
}
