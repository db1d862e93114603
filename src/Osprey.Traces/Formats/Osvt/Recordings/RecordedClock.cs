using System.Text;
using Osprey.Binary;
using Osprey.Traces.Model;

namespace Osprey.Traces.Formats.Osvt.Recordings;

/// <summary>The chunk OSPC: what the clock of a recording's samples shows beside another clock.</summary>
/// <param name="Name">The other clock, in words that are the same for two recordings that name it.</param>
/// <param name="Offset">What is to be added to a sample's time to have that of the other clock, in nanoseconds.</param>
/// <remarks>
/// The other clock's reading (8 bytes, signed), then the name. A recorder knows that a sample was written before it was
/// seen; of all samples, the one that was seen soonest says the most. So the offset is too large by as long as that one
/// waited, which is some tens of microseconds as a rule, and less than the pause between two looks.
/// </remarks>
public sealed record RecordedClock(string Name, long Offset)
{
    private const long MaxSize = 1 << 16;

    internal static RecordedClock? Read(ByteSource source, OsvtChunk chunk, TraceStats stats)
    {
        try
        {
            if (chunk.Size > MaxSize)
                throw new BadDataException(source.Name, chunk.Offset, $"a chunk {chunk.Name} of {chunk.Size} bytes");

            var reader = new ByteReader(source.Slice(chunk.Offset, chunk.Size).Span, source.Name, chunk.Offset);
            long offset = unchecked((long)reader.ReadUInt64());
            return new RecordedClock(Encoding.UTF8.GetString(OsvtText.Read(ref reader)), offset);
        }
        catch (BadDataException damage)
        {
            stats.Warn(damage);
            return null;
        }
    }

    internal void Write(ChunkBuilder chunk)
    {
        chunk.AddUInt64(unchecked((ulong)Offset));
        chunk.AddText(Name);
    }
}
