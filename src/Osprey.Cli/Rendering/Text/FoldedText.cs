using Osprey.Cli.Rendering.Answers;
using Osprey.Cli.Rendering.Streams;
using Osprey.Session.Answers.Traces.Profiles;
using Osprey.Traces.Analyses.Profiles;

namespace Osprey.Cli.Rendering.Text;

/// <summary>Writes folded stacks as text or JSON lines.</summary>
internal static class FoldedText
{
    public static void Write(Output output, FoldedStacks folded, double leastHits, bool isJson)
    {
        var json = new JsonLines();
        foreach ((string stack, long hits) in folded.Stacks)
        {
            if (hits < leastHits)
                continue;

            if (isJson)
            {
                json.Append(output.Text, FoldedRow.Shape, new FoldedRow(stack, hits));
                output.FlushIfLarge();
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
