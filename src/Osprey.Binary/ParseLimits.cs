namespace Osprey.Binary;

/// <summary>Bounds on what an input may declare of itself; beyond them it is malformed. Far over what real files hold.</summary>
public sealed record ParseLimits
{
    /// <summary>The limits used where no others are given.</summary>
    public static ParseLimits Default { get; } = new();

    /// <summary>Most section headers an ELF file may declare. Real kernels have under 200.</summary>
    public int MaxSections { get; init => field = RequirePositive(value); } = 100_000;

    /// <summary>Most tracepoints a trace may declare. OSv has about 480.</summary>
    public int MaxTracepoints { get; init => field = RequirePositive(value); } = 1_000_000;

    /// <summary>Largest single trace record in bytes. OSv's own limit is 4096.</summary>
    public int MaxRecordSize { get; init => field = RequirePositive(value); } = 1 << 20;

    private static int RequirePositive(int value) =>
        value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value));
}
