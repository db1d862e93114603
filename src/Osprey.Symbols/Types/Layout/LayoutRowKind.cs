namespace Osprey.Symbols.Types.Layout;

/// <summary>What a row of a layout is.</summary>
public enum LayoutRowKind
{
    /// <summary>A data member.</summary>
    Member,

    /// <summary>A base.</summary>
    Base,

    /// <summary>The beginning of an aggregate whose parts follow, one level deeper.</summary>
    Open,

    /// <summary>The end of an aggregate.</summary>
    Close,

    /// <summary>Bytes or bits that no member takes, between two.</summary>
    Hole,

    /// <summary>The same, behind the last member.</summary>
    Padding,
}
