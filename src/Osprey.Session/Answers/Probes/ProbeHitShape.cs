using System.Globalization;
using System.Text;
using Osprey.Probes.Tracing;
using Osprey.Probes.Values;
using Osprey.Traces.Analyses;

namespace Osprey.Session.Answers.Probes;

/// <summary>The columns of a hit.</summary>
public static class ProbeHitShape
{
    /// <summary>Makes the columns.</summary>
    /// <param name="stacks">Names for stacks; null to leave stacks out.</param>
    public static Shape<ProbeHit> Create(StackSymbols? stacks)
    {
        Shape<ProbeHit> shape = new Shape<ProbeHit>("hits")
            .Time("time", hit => hit.Time)
            .Integer("thread", hit => hit.ThreadId)
            .Text("threadName", hit => hit.ThreadName)
            .Integer("cpu", hit => hit.Cpu)
            .Text("provider", hit => hit.Site.Probe.Provider)
            .Text("name", hit => hit.Site.Probe.Name)
            .Address("site", hit => hit.Site.Address)
            .Map("arguments", WriteArguments);
        return stacks is null ? shape : shape.Texts("stack", hit => stacks.Compose(stacks.Resolve([.. hit.Stack])));
    }

    /// <summary>
    /// Writes the values by name. Where a number clearly points to text, that is beside it, as <c>NAME.text</c>.
    /// </summary>
    private static void WriteArguments(ProbeHit hit, CellWriter writer)
    {
        var taken = new HashSet<string>();
        for (int i = 0; i < hit.Values.Count; i++)
        {
            string name = HitText.NameOf(hit.Site, i);
            if (!taken.Add(name))
                name = string.Create(CultureInfo.InvariantCulture, $"{name}#{i + 1}");

            ProbeValue value = hit.Values[i];
            var column = new Column(name, ColumnKind.Value);
            bool isText = value.Text is not null && hit.Site.Names[i].IsText;
            if (value.Kind == ProbeValueKind.Unknown)
                writer.Null(column);
            else if (value.Kind == ProbeValueKind.Number)
                writer.Number(column, value.Number);
            else if (isText)
                writer.Text(column, Encoding.UTF8.GetString(value.Text!));
            else if (HitText.IsAddress(hit.Site.Site.Arguments[i]))
                writer.Address(column, unchecked((ulong)value.Bits));
            else if (hit.Site.Site.Arguments[i].IsSigned)
                writer.Integer(column, value.Bits);
            else
                writer.Unsigned(column, unchecked((ulong)value.Bits));

            if (value.Text is not null && !isText)
                writer.Text(new Column($"{name}.text", ColumnKind.Text), Encoding.UTF8.GetString(value.Text));
        }
    }
}
