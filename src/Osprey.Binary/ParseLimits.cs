namespace Osprey.Binary;

/// <summary>
/// Limits on the counts and sizes that an input may declare. An input that exceeds one is malformed; real files stay
/// far below.
/// </summary>
public sealed record ParseLimits
{
    /// <summary>The limits used where no others are given.</summary>
    public static ParseLimits Default { get; } = new();

    /// <summary>
    /// Most section headers, and most program headers, an ELF file may declare. Real kernels have under 200.
    /// </summary>
    public int MaxSections
    {
        get;
        init => field = RequirePositive(value);
    } = 100_000;

    /// <summary>Most tracepoints a trace may declare. OSv has about 480.</summary>
    public int MaxTracepoints
    {
        get;
        init => field = RequirePositive(value);
    } = 1_000_000;

    /// <summary>Largest single trace record in bytes. OSv's own limit is 4096.</summary>
    public int MaxRecordSize
    {
        get;
        init => field = RequirePositive(value);
    } = 1 << 20;

    /// <summary>Largest decompressed debug section in bytes. A span holds 2 GiB at most.</summary>
    public int MaxDecompressedSize
    {
        get;
        init => field = RequirePositive(value);
    } = 0x7fff_0000;

    /// <summary>Most units that .debug_info may hold. A Linux kernel has some 4,000, a browser 50,000.</summary>
    public int MaxUnits
    {
        get;
        init => field = RequirePositive(value);
    } = 2_000_000;

    /// <summary>
    /// Most abbreviations in one table. Real units have under 1,000, link-time optimised ones under 10,000.
    /// </summary>
    public int MaxAbbreviations
    {
        get;
        init => field = RequirePositive(value);
    } = 1_000_000;

    /// <summary>Most attributes in one abbreviation. Real ones have under 30.</summary>
    public int MaxAttributes
    {
        get;
        init => field = RequirePositive(value);
    } = 1_000;

    /// <summary>Deepest nesting of debugging information entries. Real ones stay under 200.</summary>
    public int MaxEntryDepth
    {
        get;
        init => field = RequirePositive(value);
    } = 10_000;

    /// <summary>Longest chain of abstract origins and specifications. Real ones have 3 links.</summary>
    public int MaxReferenceDepth
    {
        get;
        init => field = RequirePositive(value);
    } = 32;

    /// <summary>Most address ranges of one unit's functions. Real units have under 200,000.</summary>
    public int MaxUnitRanges
    {
        get;
        init => field = RequirePositive(value);
    } = 8_000_000;

    /// <summary>Most rows in one unit's line table. Real tables have under 1,000,000.</summary>
    public int MaxLineRows
    {
        get;
        init => field = RequirePositive(value);
    } = 32_000_000;

    /// <summary>Most inlined calls reported for one address. Real chains have under 60.</summary>
    public int MaxInlineDepth
    {
        get;
        init => field = RequirePositive(value);
    } = 1_000;

    /// <summary>Longest name or path in bytes. Real mangled names reach some 30,000.</summary>
    public int MaxNameLength
    {
        get;
        init => field = RequirePositive(value);
    } = 1 << 20;

    /// <summary>
    /// Most operations that one DWARF expression may execute; each pass of a loop counts. Real ones stay under 1,000.
    /// </summary>
    public int MaxExpressionSteps
    {
        get;
        init => field = RequirePositive(value);
    } = 20_000;

    /// <summary>Most values on the stack of a DWARF expression. Real ones have under 20.</summary>
    public int MaxExpressionStack
    {
        get;
        init => field = RequirePositive(value);
    } = 1_000;

    /// <summary>Most pieces that a DWARF expression may divide an object into. Real ones have under 100.</summary>
    public int MaxExpressionPieces
    {
        get;
        init => field = RequirePositive(value);
    } = 10_000;

    /// <summary>Most entries of call frame information in one section. A browser has some 1,000,000.</summary>
    public int MaxFrameEntries
    {
        get;
        init => field = RequirePositive(value);
    } = 16_000_000;

    /// <summary>Most saved states of one entry's call frame program. Real ones have under 10.</summary>
    public int MaxFrameStates
    {
        get;
        init => field = RequirePositive(value);
    } = 1_000;

    /// <summary>Most types of one BTF blob, with those of its base. A Linux kernel has some 150,000.</summary>
    public int MaxTypes
    {
        get;
        init => field = RequirePositive(value);
    } = 1_000_000;

    /// <summary>Longest name in a BTF blob, in bytes. Linux itself refuses names over 512.</summary>
    public int MaxTypeNameLength
    {
        get;
        init => field = RequirePositive(value);
    } = 1_024;

    private static int RequirePositive(int value) =>
        value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value));
}
