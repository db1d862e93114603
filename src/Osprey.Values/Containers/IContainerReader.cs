using Osprey.Symbols.Types.Compounds;

namespace Osprey.Values.Containers;

/// <summary>Reads the values of one family of library types, such as <c>std::vector</c>.</summary>
/// <remarks>
/// <para>
/// <b>The problem.</b> Debug info describes a container as a struct of pointers, and its layout differs between
/// libraries, their versions and build options. A user wants to see the elements.
/// </para>
/// <para>
/// <b>The idea.</b> A reader recognises a type by its template's name, and then finds each member by name in the type's
/// own debug info, bases included: <c>_M_impl</c>, <c>_M_start</c>. The offsets come from debug info; a reader has no
/// struct layouts of its own, and never tests a version. If a member was renamed, the reader tries the newest name
/// first. If a member is missing, the layout is unknown, <see cref="Open"/> returns null, and the value is shown as the
/// struct that it is: an honest answer, never a wrong one.
/// </para>
/// <para>
/// <b>Where debug info says too little.</b> Nodes of lists and trees keep the element behind their links, in a type
/// that debug info often leaves out. If it has the node's type, the offset is taken from it; else it is computed: the
/// size of the links, rounded up to the alignment of the element (<see cref="LibraryTypes.GetValueOffset"/>). Element
/// types come from template arguments. Boost's intrusive containers link a hook inside the element; its place is found
/// in the container's traits (<see cref="Intrusive.HookLayout"/>).
/// </para>
/// <para>
/// <b>Guests are not trusted.</b> A guest may be stopped in the middle of a change, or its memory may be damaged. So an
/// opened container only describes how to reach its elements. Visiting them is an <see cref="ElementWalk"/>: it limits
/// the number of nodes, notices a node that comes twice, compares the number of elements with the container's own
/// count, and reports a defect next to the elements that it could read. Pointers that cannot be those of such a
/// container (an end before the start) make <see cref="Open"/> return null.
/// </para>
/// </remarks>
public interface IContainerReader
{
    /// <summary>The beginnings of the names of all types that it knows, such as "std::".</summary>
    IReadOnlyList<string> Namespaces { get; }

    /// <summary>Returns true when the reader knows a type, judged by the type's name only.</summary>
    bool Matches(CompoundType type);

    /// <summary>Opens a value of a type that the reader knows.</summary>
    /// <param name="value">The value.</param>
    /// <param name="type">The value's type, without typedefs and complete.</param>
    /// <returns>
    /// Null when the type's layout is unknown, or the value cannot be read. The value is then shown as a struct.
    /// </returns>
    ContainerView? Open(Value value, CompoundType type);
}
