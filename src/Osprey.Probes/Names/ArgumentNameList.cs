namespace Osprey.Probes.Names;

/// <summary>Several sources of names: for each argument the first that has one counts.</summary>
/// <param name="sources">The sources, the one that is believed most first.</param>
public sealed class ArgumentNameList(IReadOnlyList<IArgumentNames> sources) : IArgumentNames
{
    /// <summary>No names.</summary>
    public static ArgumentNameList None { get; } = new([]);

    /// <inheritdoc/>
    public ArgumentName[] Find(ProbeFile file, Probe probe, ProbeSite site)
    {
        var names = new ArgumentName[site.Arguments.Count];
        foreach (IArgumentNames source in sources)
        {
            if (source.Find(file, probe, site) is not { } found)
                continue;

            for (int i = 0; i < Math.Min(names.Length, found.Length); i++)
            {
                if (names[i].Name is null)
                    names[i] = found[i] with { IsText = found[i].IsText || names[i].IsText };
                else if (found[i].IsText && !names[i].IsText)
                    names[i] = found[i] with { Name = names[i].Name };
            }
        }

        return names;
    }

    ArgumentName[]? IArgumentNames.Find(ProbeFile file, Probe probe, ProbeSite site) => Find(file, probe, site);
}
