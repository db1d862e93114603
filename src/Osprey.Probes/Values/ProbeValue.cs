namespace Osprey.Probes.Values;

/// <summary>The value of an argument when its probe was hit.</summary>
public readonly record struct ProbeValue
{
    private ProbeValue(ProbeValueKind kind, long bits, double number, string? problem)
    {
        Kind = kind;
        Bits = bits;
        Number = number;
        Problem = problem;
    }

    /// <summary>The kind of value.</summary>
    public ProbeValueKind Kind { get; }

    /// <summary>A whole number, widened to 64 bits by its sign; 0 for other kinds.</summary>
    public long Bits { get; }

    /// <summary>A floating-point number; 0 for other kinds.</summary>
    public double Number { get; }

    /// <summary>The reason why the value is not known; null when it is.</summary>
    public string? Problem { get; }

    /// <summary>
    /// The text that the argument points to, in the program's bytes without the NUL; null when it is not asked for or
    /// there is none.
    /// </summary>
    public byte[]? Text { get; init; }

    /// <summary>True when <see cref="Text"/> is only the beginning.</summary>
    public bool IsTextCut { get; init; }

    /// <summary>Makes a whole number.</summary>
    public static ProbeValue FromInteger(long value) => new(ProbeValueKind.Integer, value, 0, null);

    /// <summary>Makes a floating-point number.</summary>
    public static ProbeValue FromNumber(double value) => new(ProbeValueKind.Number, 0, value, null);

    /// <summary>Makes a value that is not known.</summary>
    public static ProbeValue Unknown(string problem) => new(ProbeValueKind.Unknown, 0, 0, problem);
}
