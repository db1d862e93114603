namespace Osprey.Values.Expressions;

/// <summary>The kinds of conversions.</summary>
internal enum CastKind
{
    /// <summary>The casts <c>(T)x</c>, <c>T(x)</c>, <c>static_cast</c> and <c>const_cast</c>.</summary>
    Convert,

    /// <summary>A <c>reinterpret_cast</c>: the address stays, also between a class and its base.</summary>
    Reinterpret,

    /// <summary>A <c>dynamic_cast</c>: by the object's real type.</summary>
    Dynamic,
}
