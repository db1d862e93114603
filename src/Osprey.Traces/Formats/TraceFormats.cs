using System.Buffers.Binary;
using Osprey.Binary;
using Osprey.Traces.Formats.Osvt;
using Osprey.Traces.Formats.Tracefile;
using Osprey.Traces.Merging;
using Osprey.Traces.Model;

namespace Osprey.Traces.Formats;

/// <summary>Opens a trace of any known format; the format is told by the content, never by the name.</summary>
public static class TraceFormats
{
    /// <summary>Opens a trace.</summary>
    /// <param name="input">Closed with the reader, and on failure.</param>
    /// <param name="mergeOrder">How samples of equal time on several CPUs are ordered (dumps only).</param>
    /// <param name="limits">Bounds on what the input may declare.</param>
    /// <exception cref="BadDataException">
    /// The input is of no known format, or damaged before its first sample.
    /// </exception>
    public static TraceReader Open(
        TraceInput input,
        MergeOrder mergeOrder = MergeOrder.TimeThenCpu,
        ParseLimits? limits = null
    )
    {
        limits ??= ParseLimits.Default;
        try
        {
            if (input.Head.IsEmpty)
                throw new BadDataException(input.Name, 0, "the file is empty; expected a tracefile or an OSVT dump");

            if (OsvtReader.Matches(input.Head))
                return new OsvtReader(input, mergeOrder, limits);

            if (TracefileReader.Matches(input.Head))
                return new TracefileReader(input, limits);

            throw new BadDataException(input.Name, 0, Describe(input.Head));
        }
        catch
        {
            input.Dispose();
            throw;
        }
    }

    private static string Describe(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith("OSVT"u8))
            return "a big-endian OSVT dump; only little-endian ones are known to exist and can be read";

        if (head.StartsWith("{"u8))
            return "this is JSON, not a trace; a server's error message may have been saved in its place";

        if (head.StartsWith("\u007fELF"u8))
            return "this is an ELF file, not a trace; give it with -e to resolve symbols";

        if (head.Length < sizeof(int))
            return $"the file has {head.Length} bytes; expected a tracefile or an OSVT dump";

        int version = BinaryPrimitives.ReadInt32LittleEndian(head);
        return version is > 0 and < 1000
            ? $"version {version} of the tracefile format; expected 1, 2 or 3"
            : "expected a tracefile (version 1 to 3) or an OSVT dump (TVSO)";
    }
}
