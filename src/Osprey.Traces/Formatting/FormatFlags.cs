namespace Osprey.Traces.Formatting;

/// <summary>The flags of a printf conversion.</summary>
[Flags]
internal enum FormatFlags
{
    None = 0,
    Left = 1, // -
    Plus = 2, // +
    Space = 4, // ' '
    Alternate = 8, // #
    Zero = 16, // 0
}
