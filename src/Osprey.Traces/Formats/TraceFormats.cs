using Osprey.Binary;
using Osprey.Traces.Formats.Babeltrace;
using Osprey.Traces.Formats.ChromeJson;
using Osprey.Traces.Formats.LinuxText;
using Osprey.Traces.Formats.Osvt;
using Osprey.Traces.Formats.Tracefile;
using Osprey.Traces.Model;

namespace Osprey.Traces.Formats;

/// <summary>The formats of traces that can be opened; a file's content tells its format, never its name.</summary>
/// <param name="formats">The formats, asked in this order.</param>
public sealed class TraceFormats(IEnumerable<ITraceFormat> formats)
{
    private readonly ITraceFormat[] _formats = [.. formats];

    /// <summary>The formats that Osprey brings.</summary>
    public static TraceFormats Standard { get; } =
        new([
            new TracefileFormat(),
            new OsvtFormat(),
            new LinuxTextFormat(),
            new BabeltraceFormat(),
            new ChromeJsonFormat(),
        ]);

    /// <summary>Adds a format; it is asked before the others.</summary>
    public TraceFormats With(ITraceFormat format) => new([format, .. _formats]);

    /// <summary>Opens a trace.</summary>
    /// <param name="input">Closed with the reader, and on failure.</param>
    /// <param name="options">The way to read it; null for the usual one.</param>
    /// <exception cref="BadDataException">
    /// The input is of no known format, or damaged before its first sample.
    /// </exception>
    public TraceReader Open(TraceInput input, TraceReadOptions? options = null)
    {
        try
        {
            if (input.Head.IsEmpty)
                throw input.Damage
                    ?? new BadDataException(
                        input.Name,
                        0,
                        $"the file is empty; expected {Join(_formats.Select(format => format.Name))}"
                    );

            foreach (ITraceFormat format in _formats)
            {
                if (format.Matches(input.Head))
                    return format.Open(input, options ?? new TraceReadOptions());
            }

            throw new BadDataException(input.Name, 0, Describe(input.Head));
        }
        catch (BadDataException) when (input.Damage is not null)
        {
            // What is missing, or wrong, is so for that.
            BadDataException damage = input.Damage;
            input.Dispose();
            throw damage;
        }
        catch
        {
            input.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Names what is expected: a guest's own traces. Texts of other tools are recognised, but not asked for.
    /// </summary>
    private static string Join(IEnumerable<string> names) => string.Join(" or ", names.Where(name => name.Length > 0));

    private string Describe(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith("{"u8))
            return "this is JSON, not a trace; a server's error message may have been saved in its place";

        if (head.StartsWith("\u007fELF"u8))
            return "this is an ELF file, not a trace; give it with -e to resolve symbols";

        foreach (ITraceFormat format in _formats)
        {
            if (format.ExplainMismatch(head) is string explanation)
                return explanation;
        }

        return head.Length < sizeof(int)
            ? $"the file has {head.Length} bytes; expected {Join(_formats.Select(format => format.Name))}"
            : $"expected {Join(_formats.Select(format => format.Expectation))}";
    }
}
