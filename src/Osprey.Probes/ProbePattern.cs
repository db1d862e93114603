using Osprey.Traces.Analyses;

namespace Osprey.Probes;

/// <summary>Names of probes: <c>provider:name</c> with wildcards, or a name of any provider.</summary>
public sealed class ProbePattern
{
    private readonly NamePattern? _provider;
    private readonly NamePattern _name;
    private readonly string _text;

    /// <param name="text">What the user wrote.</param>
    public ProbePattern(string text)
    {
        _text = text;
        int colon = text.IndexOf(':');
        _provider = colon < 0 ? null : new NamePattern(text[..colon]);
        _name = new NamePattern(text[(colon + 1)..]);
    }

    /// <summary>Tells whether a probe is meant. Case counts; a hyphen is the same as two underscores.</summary>
    public bool Matches(Probe probe) =>
        _provider?.Matches(probe.Provider) != false
        && (_name.Matches(probe.Name) || _name.Matches(probe.Name.Replace("__", "-", StringComparison.Ordinal)));

    /// <inheritdoc/>
    public override string ToString() => _text;
}
