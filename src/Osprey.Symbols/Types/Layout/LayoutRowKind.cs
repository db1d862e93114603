namespace Osprey.Symbols.Types.Layout;

/// <summary>The kinds of rows of a layout.</summary>
public enum LayoutRowKind
{
    /// <summary>The head of a type, with its size; its members follow.</summary>
    Open,

    /// <summary>A base; the rows of its members follow, one level deeper.</summary>
    Base,

    /// <summary>A data member.</summary>
    Member,

    /// <summary>A static member, which takes no room.</summary>
    Static,

    /// <summary>A name of an enumeration.</summary>
    Enumerator,

    /// <summary>Bytes between members that nothing uses.</summary>
    Hole,

    /// <summary>Bits between bit fields that nothing uses.</summary>
    BitHole,

    /// <summary>Bytes behind the last member that nothing uses.</summary>
    Padding,

    /// <summary>The end of a type or of a part that was opened.</summary>
    Close,
}
