using System.Diagnostics.CodeAnalysis;
using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Compounds;

namespace Osprey.Values.Containers;

/// <summary>
/// Questions about the types of C++ libraries: their templates, arguments, and the places of members.
/// </summary>
internal static class LibraryTypes
{
    /// <summary>
    /// The name of the template that a type is an instance of, without inline namespaces of libstdc++; empty for none.
    /// </summary>
    public static string GetTemplate(CompoundType type)
    {
        if (type.Name is not { } name)
            return "";

        int end = name.IndexOf('<', StringComparison.Ordinal);
        if (end >= 0 && name[^1] != '>')
            return "";

        string template = end < 0 ? name : name[..end];
        return template.Contains("__", StringComparison.Ordinal)
            ? template
                .Replace("__cxx11::", "", StringComparison.Ordinal)
                .Replace("__debug::", "", StringComparison.Ordinal)
            : template;
    }

    /// <summary>
    /// The type that is an argument of a type's template; null when there is none at that position, or it is void.
    /// </summary>
    public static DebugType? GetArgument(DebugType? type, int index) =>
        type?.Stripped is CompoundType compound
        && index < compound.Body.TemplateArguments.Count
        && compound.Body.TemplateArguments[index].Value is null
            ? compound.Body.TemplateArguments[index].Type
            : null;

    /// <summary>Where a member is in a type, in bytes from its start; bases are searched too.</summary>
    public static bool TryGetOffset(
        ValueSpace space,
        DebugType? type,
        [NotNullWhen(true)] out ulong? offset,
        params ReadOnlySpan<string> names
    )
    {
        offset = type is null ? null : space.At(type, 0).Member(names)?.Address;
        return offset is not null;
    }

    /// <summary>
    /// The member that a path of names leads to, read as an address; false when it is not there or can't be read.
    /// </summary>
    public static bool TryReadPointer(Value? pointer, out ulong address)
    {
        address = 0;
        return pointer is not null && pointer.TryGetUInt64(out address);
    }

    /// <summary>Rounds up to a multiple of an alignment.</summary>
    public static ulong AlignUp(ulong offset, ulong alignment) =>
        alignment <= 1 ? offset : (offset + alignment - 1) / alignment * alignment;

    /// <summary>
    /// Where the value is in a node: as the node's type says, if debug info has it under that name, else behind the
    /// links, aligned.
    /// </summary>
    /// <param name="space">Where types are found.</param>
    /// <param name="nodeName">What names the node's type, or a pointer to it.</param>
    /// <param name="linksSize">Size of the links in bytes.</param>
    /// <param name="element">The value's type.</param>
    /// <param name="names">What the value's storage is called in the node, newest first.</param>
    public static ulong GetValueOffset(
        ValueSpace space,
        string nodeName,
        ulong linksSize,
        DebugType element,
        params ReadOnlySpan<string> names
    )
    {
        DebugType? node = space.FindType(nodeName)?.Stripped;
        if (node is PointerType pointer)
            node = pointer.Target;

        return
            space.Resolve(node) is CompoundType { IsDeclaration: false } known
            && TryGetOffset(space, known, out ulong? offset, names)
            ? offset.Value
            : AlignUp(linksSize, space.Resolve(element).Alignment);
    }
}
