using System.Text;
using Osprey.Cli.Rendering.Streams;
using Osprey.Cli.Rendering.Text;
using Osprey.Probes.Tracing;
using Osprey.Traces.Analyses;
using Osprey.Traces.Text;

namespace Osprey.Cli.Rendering.Listings;

/// <summary>Writes hits of probes a line each, as <c>osprey strace</c> writes samples.</summary>
/// <param name="output">Where to.</param>
/// <param name="stacks">Names for stacks; null to leave stacks out.</param>
internal sealed class ProbeHitLines(Output output, StackSymbols? stacks)
{
    /// <summary>Writes a hit.</summary>
    public void Append(ProbeHit hit)
    {
        output.Text.AppendLeft(Encoding.UTF8.GetBytes(TerminalText.Escape(hit.ThreadName)), 15);
        output.Text.Append((byte)' ');
        if (hit.Cpu is { } cpu)
            output.Text.AppendDecimal(cpu, 3);
        else
            output.Text.Append("  -"u8);

        output.Text.Append((byte)' ');
        TimeText.AppendSeconds(output.Text, hit.Time);
        output.Text.Append((byte)' ');
        output.Text.Append(TerminalText.Escape(hit.Site.Probe.FullName));
        output.Text.Append((byte)'(');
        output.Text.Append(HitText.Describe(hit));
        output.Text.Append(")\n"u8);
        if (stacks is null)
            return;

        foreach (string frame in stacks.Compose(stacks.Resolve([.. hit.Stack])))
        {
            output.Text.Append(" > "u8);
            output.Text.Append(frame);
            output.Text.Append((byte)'\n');
        }
    }
}
