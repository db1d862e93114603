namespace Osprey.Values.Expressions;

/// <summary>The ways in which C programs, the Linux kernel above all, link the elements of a list or tree.</summary>
internal enum LinkKind
{
    /// <summary>A ring through a head, of links with the next and the previous one: <c>struct list_head</c>.</summary>
    List,

    /// <summary>A list from a head that has the first one alone: <c>struct hlist_head</c>.</summary>
    HashList,

    /// <summary>A red-black tree: <c>struct rb_root</c>, whose nodes have parent, right and left.</summary>
    Tree,
}
