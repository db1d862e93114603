namespace Osprey.Values.Printing;

/// <summary>The options for the text of values.</summary>
public sealed record ValueTextOptions
{
    /// <summary>The defaults of gdb, with containers shown by their content.</summary>
    public static ValueTextOptions Default { get; } = new();

    /// <summary>True to write integers, also those in aggregates, in hexadecimal.</summary>
    public bool Hex { get; init; }

    /// <summary>The largest number of elements of an array or container, and of characters of a string.</summary>
    public int MaxElements { get; init; } = 200;

    /// <summary>The largest depth of aggregates; deeper ones are written as <c>{...}</c>.</summary>
    public int MaxDepth { get; init; } = 20;

    /// <summary>
    /// The largest number of equal elements in a row that are all written. More are written once, with their number.
    /// </summary>
    public int RepeatThreshold { get; init; } = 10;

    /// <summary>True to write one member per line, indented by two for each level.</summary>
    public bool Pretty { get; init; }

    /// <summary>True to write containers and smart pointers as the structs that they are.</summary>
    public bool Raw { get; init; }

    /// <summary>True to write static members too.</summary>
    public bool StaticMembers { get; init; } = true;

    /// <summary>True to write the names of symbols after pointers.</summary>
    public bool Symbols { get; init; } = true;
}
