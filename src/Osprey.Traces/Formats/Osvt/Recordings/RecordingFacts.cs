using System.Text;
using Osprey.Binary;
using Osprey.Traces.Model;

namespace Osprey.Traces.Formats.Osvt.Recordings;

/// <summary>The chunk OSPI, the first one of a recording: of which guest it is, when and how it was made.</summary>
/// <remarks>
/// A number (4 bytes) of pairs of texts: a name and what stands for it. Names that are not known are skipped.
/// </remarks>
/// <param name="System">The guest's system and version, such as "OSv v0.57.0"; empty when not known.</param>
/// <param name="Guest">The guest and the way to it, such as "qemu pid 4711".</param>
/// <param name="Begun">The time of this host, in UTC, at which it was begun, as ISO 8601 has it.</param>
/// <param name="Method">
/// "extract" for a cut through the rings, "record" for a recording of what was written since.
/// </param>
/// <param name="CpuCount">The number of the guest's CPUs; 0 when not known.</param>
public sealed record RecordingFacts(string System, string Guest, string Begun, string Method, int CpuCount)
{
    private const int MaxFacts = 256;

    /// <summary>
    /// The clock that the times are of, in words that are the same for two recordings of one clock; empty when not
    /// known.
    /// </summary>
    public string Clock { get; init; } = "";

    internal static RecordingFacts? Read(ByteSource source, OsvtChunk chunk, TraceStats stats)
    {
        const long MaxSize = 1 << 20;
        var facts = new Dictionary<string, string>();
        try
        {
            if (chunk.Size > MaxSize)
                throw new BadDataException(source.Name, chunk.Offset, $"a chunk {chunk.Name} of {chunk.Size} bytes");

            var reader = new ByteReader(source.Slice(chunk.Offset, chunk.Size).Span, source.Name, chunk.Offset);
            uint count = Math.Min(reader.ReadUInt32(), MaxFacts);
            for (uint i = 0; i < count; i++)
            {
                string name = Encoding.UTF8.GetString(OsvtText.Read(ref reader));
                facts[name] = Encoding.UTF8.GetString(OsvtText.Read(ref reader));
            }
        }
        catch (BadDataException damage)
        {
            stats.Warn(damage);
        }

        return new RecordingFacts(
            facts.GetValueOrDefault("system", ""),
            facts.GetValueOrDefault("guest", ""),
            facts.GetValueOrDefault("begun", ""),
            facts.GetValueOrDefault("method", ""),
            int.TryParse(facts.GetValueOrDefault("cpus"), out int cpus) ? cpus : 0
        )
        {
            Clock = facts.GetValueOrDefault("clock", ""),
        };
    }

    internal void Write(ChunkBuilder chunk)
    {
        (string, string)[] facts =
        [
            .. Clock.Length > 0 ? [("clock", Clock)] : Array.Empty<(string, string)>(),
            ("system", System),
            ("guest", Guest),
            ("begun", Begun),
            ("method", Method),
            ("cpus", CpuCount.ToString(global::System.Globalization.CultureInfo.InvariantCulture)),
        ];
        chunk.AddUInt32((uint)facts.Length);
        foreach ((string name, string value) in facts)
        {
            chunk.AddText(name);
            chunk.AddText(value);
        }
    }
}
