namespace Osprey.Tracing.Memory;

/// <summary>The kernel's layout of a record: a header, return addresses where wanted, arguments.</summary>
internal static class RecordLayout
{
    /// <summary>The size of the pages of a ring that records don't cross.</summary>
    public const int PageSize = 4096;

    /// <summary>The number of return addresses.</summary>
    public const int BacktraceLength = 10;

    /// <summary>The size of the header: tracepoint, thread, name, time, CPU, flags.</summary>
    public const int HeaderSize = 48;

    /// <summary>The size of the return addresses.</summary>
    public const int BacktraceSize = BacktraceLength * sizeof(ulong);

    /// <summary>The tracepoint of a record that is being written.</summary>
    public const ulong Incomplete = ulong.MaxValue;

    public const int ThreadOffset = 8;
    public const int NameOffset = 16;
    public const int NameSize = 16;
    public const int TimeOffset = 32;
    public const int CpuOffset = 40;
    public const int FlagsOffset = 44;

    /// <summary>Rounds a record's size up to the next multiple of 8.</summary>
    public static int Round(int size) => unchecked((size + 7) & ~7);
}
