using Osprey.Probes;
using Osprey.Probes.Names;
using Osprey.Probes.Operands;

namespace Osprey.Session.Answers.Probes;

/// <summary>The columns of a list of probes.</summary>
public static class ListedProbeShape
{
    private static readonly Shape<(ProbeArgument Argument, ArgumentName Name)> s_argument = new Shape<(
        ProbeArgument Argument,
        ArgumentName Name
    )>("arguments")
        .Text("name", row => row.Name.Name)
        .Text("type", row => row.Argument.TypeName)
        .Boolean("isText", row => row.Name.IsText)
        .Integer("size", row => row.Argument.Size == 0 ? null : row.Argument.Size)
        .Boolean("signed", row => row.Argument.IsSigned)
        .Boolean("floating", row => row.Argument.IsFloating)
        .Text("operand", row => row.Argument.OperandText);

    private static readonly Shape<(ListedProbe Listed, ProbeSite Site, ArgumentName[] Names)> s_site = new Shape<(
        ListedProbe Listed,
        ProbeSite Site,
        ArgumentName[] Names
    )>("sites")
        .Address("linkAddress", row => row.Site.LinkAddress)
        .Address("address", row => ToAddress(row.Listed, row.Site.LinkAddress))
        .Optional()
        .Unsigned("fileOffset", row => row.Site.FileOffset)
        .Address("notedLocation", row => row.Site.Note.LinkAddress)
        .Address("notedBase", row => row.Site.Note.BaseLinkAddress)
        .Address("notedSemaphore", row => row.Site.Note.SemaphoreLinkAddress)
        .Text("notedArguments", row => row.Site.Note.Arguments)
        .Records("arguments", row => row.Site.Arguments.Zip(row.Names), () => s_argument);

    /// <summary>The columns.</summary>
    public static Shape<ListedProbe> Shape { get; } =
        new Shape<ListedProbe>("probes")
            .Text("provider", row => row.Probe.Provider)
            .OnlyInData()
            .Text("name", row => row.Probe.Name)
            .OnlyInData()
            .Text("probe", row => row.Probe.FullName)
            .OnlyInText()
            .Integer("siteCount", row => row.Probe.Sites.Count)
            .Headed("SITES")
            .Text("state", DescribeState)
            .OnlyInText()
            .Address("semaphoreLinkAddress", row => row.Probe.SemaphoreLinkAddress)
            .OnlyInData()
            .Address(
                "semaphoreAddress",
                row => row.Probe.SemaphoreLinkAddress is { } address ? ToAddress(row, address) : null
            )
            .Optional()
            .OnlyInData()
            .Integer("semaphore", row => row.SemaphoreValue)
            .OnlyInData()
            .Text("arguments", row => row.ArgumentText)
            .OnlyInText()
            .Text("file", row => Path.GetFileName(row.File.Path))
            .OnlyInText()
            .Text("file", row => row.File.Path)
            .OnlyInData()
            .Records("sites", row => row.Probe.Sites.Select((site, i) => (row, site, row.Names[i])), () => s_site)
            .OnlyInData();

    private static ulong? ToAddress(ListedProbe row, ulong linkAddress) =>
        row.Bias is { } bias ? unchecked(linkAddress + bias) : null;

    /// <summary>Whether the probe does anything: one without semaphore always does.</summary>
    private static string DescribeState(ListedProbe row) =>
        row.Probe.SemaphoreLinkAddress is null ? "always"
        : row.SemaphoreValue is not { } value ? "semaphore"
        : value == 0 ? "off"
        : $"on ({value})";
}
