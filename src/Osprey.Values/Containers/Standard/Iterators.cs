using Osprey.Symbols.Types.Compounds;

namespace Osprey.Values.Containers.Standard;

/// <summary>Reads iterators of libstdc++ as pointers to their element.</summary>
internal static class Iterators
{
    /// <summary>
    /// Gets an iterator's pointer to its element; null when the value is not an iterator, or cannot be read.
    /// </summary>
    public static Value? GetPointer(Value value, CompoundType type)
    {
        switch (LibraryTypes.GetTemplate(type))
        {
            case "__gnu_cxx::__normal_iterator":
                return value.Member("_M_current");
            case "std::_Deque_iterator":
                return value.Member("_M_cur");
            case "std::_Rb_tree_iterator" or "std::_Rb_tree_const_iterator":
                return GetNodeValue(
                    value.Member("_M_node"),
                    type,
                    "std::_Rb_tree_node<",
                    "_M_storage",
                    "_M_value_field"
                );
            case "std::_List_iterator" or "std::_List_const_iterator":
                return GetNodeValue(value.Member("_M_node"), type, "std::_List_node<", "_M_storage", "_M_data");
            case "std::_Fwd_list_iterator" or "std::_Fwd_list_const_iterator":
                return GetNodeValue(value.Member("_M_node"), type, "std::_Fwd_list_node<", "_M_storage", "_M_value");
            case "std::__detail::_Node_iterator" or "std::__detail::_Node_const_iterator":
                return GetNodeValue(value.Member("_M_cur"), type, "std::__detail::_Hash_node<", "_M_storage", "_M_v");
            default:
                return null;
        }
    }

    private static Value? GetNodeValue(
        Value? node,
        CompoundType iterator,
        string nodeTemplate,
        params ReadOnlySpan<string> names
    )
    {
        if (
            node is null
            || LibraryTypes.GetArgument(iterator, 0) is not { } element
            || !node.TryGetUInt64(out ulong address)
        )
            return null;

        // An iterator of a tree or list points to the links; one of a hash table, to the node, whose first base they
        // are.
        Value links = node.Dereference();
        if (
            links.FindBase(type => type.Name?.EndsWith("_node_base", StringComparison.Ordinal) == true) is
            { Size: { } size }
        )
            return node.Space.FromPointer(
                element,
                unchecked(
                    address
                    + LibraryTypes.GetValueOffset(node.Space, $"{nodeTemplate}{element.Name}>", size, element, names)
                )
            );

        return null;
    }
}
