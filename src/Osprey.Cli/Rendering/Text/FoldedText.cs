using Osprey.Cli.Rendering.Streams;
using Osprey.Traces.Analyses.Profiles;

namespace Osprey.Cli.Rendering.Text;

/// <summary>Writes folded stacks as text or JSON lines.</summary>
internal static class FoldedText
{
    public static void Write(Output output, FoldedStacks folded, double leastHits, bool isJson)
    {
        foreach ((string stack, long hits) in folded.Stacks)
        {
            if (hits < leastHits)
                continue;

            if (isJson)
            {
                JsonOutput.WriteLine(
                    output,
                    writer =>
                    {
                        writer.WriteStartObject();
                        writer.WriteStartArray("frames"u8);
                        foreach (string frame in stack.Split(';'))
                            writer.WriteStringValue(frame);

                        writer.WriteEndArray();
                        writer.WriteNumber("hits"u8, hits);
                        writer.WriteEndObject();
                    }
                );
                continue;
            }

            output.Text.Append(stack);
            output.Text.Append((byte)' ');
            output.Text.AppendDecimal((ulong)hits);
            output.Text.Append((byte)'\n');
            output.FlushIfLarge();
        }
    }
}
