namespace Osprey.Values.Floats;

/// <summary>The kinds of floating point numbers.</summary>
internal enum FloatKind
{
    /// <summary>A number, also zero.</summary>
    Finite,

    /// <summary>An infinity.</summary>
    Infinite,

    /// <summary>Not a number: the result of an operation that has none.</summary>
    NaN,
}
