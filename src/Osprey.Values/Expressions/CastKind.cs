namespace Osprey.Values.Expressions;

/// <summary>Kinds of conversions.</summary>
internal enum CastKind
{
    /// <summary><c>(T)x</c>, <c>T(x)</c>, <c>static_cast</c> and <c>const_cast</c>.</summary>
    Convert,

    /// <summary><c>reinterpret_cast</c>: never by the values of base classes.</summary>
    Reinterpret,

    /// <summary><c>dynamic_cast</c>: by what the object is.</summary>
    Dynamic,
}
