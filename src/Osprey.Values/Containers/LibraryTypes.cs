using System.Diagnostics.CodeAnalysis;
using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Compounds;

namespace Osprey.Values.Containers;

/// <summary>
/// Answers questions about types of C++ libraries: their templates, template arguments, and offsets of members.
/// </summary>
internal static class LibraryTypes
{
    /// <summary>
    /// Gets the name of a type's template, without the inline namespaces of libstdc++; empty when the type has no name.
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
    /// Gets a template argument that is a type; null when there is none at that position, or it is void.
    /// </summary>
    public static DebugType? GetArgument(DebugType? type, int index) =>
        type?.Stripped is CompoundType compound
        && index < compound.Body.TemplateArguments.Count
        && compound.Body.TemplateArguments[index].Value is null
            ? compound.Body.TemplateArguments[index].Type
            : null;

    /// <summary>Finds the offset of a member in a type, in bytes; searches base classes too.</summary>
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
    /// Reads a member as an address; false when there is no such member, or it cannot be read.
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
    /// Finds the offset of the element in a node: from the node's type if debug info has it, else after the links,
    /// aligned.
    /// </summary>
    /// <param name="space">The modules in which types are looked up.</param>
    /// <param name="nodeName">The name of the node's type, or of a pointer to it.</param>
    /// <param name="linksSize">The size of the links in bytes.</param>
    /// <param name="element">The element's type.</param>
    /// <param name="names">The names that the element's storage has had in the node, newest first.</param>
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
