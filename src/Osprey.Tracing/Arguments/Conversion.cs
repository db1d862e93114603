namespace Osprey.Tracing.Arguments;

/// <summary>One conversion of a printf-like format.</summary>
/// <param name="Start">The position of its percent sign.</param>
/// <param name="End">The position behind it.</param>
/// <param name="Letter">Its letter; 0 when it has none that is known.</param>
/// <param name="Flags">Its flags.</param>
/// <param name="Width">Its least width.</param>
/// <param name="Precision">Its precision; -1 when it has none.</param>
/// <param name="IsLong">Whether it is of a number of 64 bits in C.</param>
internal readonly record struct Conversion(
    int Start,
    int End,
    char Letter,
    string Flags,
    int Width,
    int Precision,
    bool IsLong
);
