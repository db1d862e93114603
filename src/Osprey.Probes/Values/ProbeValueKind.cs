namespace Osprey.Probes.Values;

/// <summary>The kinds of values that arguments have.</summary>
public enum ProbeValueKind
{
    /// <summary>The value could not be found out.</summary>
    Unknown,

    /// <summary>A whole number, or an address.</summary>
    Integer,

    /// <summary>A floating-point number.</summary>
    Number,
}
