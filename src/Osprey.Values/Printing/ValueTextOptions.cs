namespace Osprey.Values.Printing;

/// <summary>How values are written.</summary>
public sealed record ValueTextOptions
{
    /// <summary>What gdb does by default, with containers shown by what they hold.</summary>
    public static ValueTextOptions Default { get; } = new();

    /// <summary>Integers, and what is inside of aggregates, in hexadecimal.</summary>
    public bool Hex { get; init; }

    /// <summary>Most elements of an array or container, and characters of a string.</summary>
    public int MaxElements { get; init; } = 200;

    /// <summary>How deep aggregates are shown; what is deeper is written as <c>{...}</c>.</summary>
    public int MaxDepth { get; init; } = 20;

    /// <summary>How many equal elements in a row are written as one.</summary>
    public int RepeatThreshold { get; init; } = 10;

    /// <summary>A member a line, indented by two for each level.</summary>
    public bool Pretty { get; init; }

    /// <summary>Containers and smart pointers as the structs that they are.</summary>
    public bool Raw { get; init; }

    /// <summary>Static members too.</summary>
    public bool StaticMembers { get; init; } = true;

    /// <summary>Names of symbols behind pointers.</summary>
    public bool Symbols { get; init; } = true;
}
