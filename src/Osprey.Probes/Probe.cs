namespace Osprey.Probes;

/// <summary>A probe of a file: all its sites together.</summary>
/// <param name="Provider">The provider, such as <c>postgresql</c>.</param>
/// <param name="Name">The name, such as <c>query__start</c>.</param>
/// <param name="Sites">The places in the code, lowest address first; at least one.</param>
public sealed record Probe(string Provider, string Name, IReadOnlyList<ProbeSite> Sites)
{
    /// <summary>Provider and name with a colon between.</summary>
    public string FullName => $"{Provider}:{Name}";

    /// <summary>
    /// Link-time address of the counter that says whether anybody listens; null for a probe that is always on.
    /// </summary>
    public ulong? SemaphoreLinkAddress =>
        Sites.Select(site => site.SemaphoreLinkAddress).FirstOrDefault(address => address is not null);

    /// <inheritdoc/>
    public override string ToString() => FullName;
}
