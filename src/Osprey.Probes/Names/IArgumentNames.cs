namespace Osprey.Probes.Names;

/// <summary>A source of names for the arguments of probes.</summary>
public interface IArgumentNames
{
    /// <summary>Finds the names at a site.</summary>
    /// <param name="file">The file that the probe is in.</param>
    /// <param name="probe">The probe.</param>
    /// <param name="site">One of its sites.</param>
    /// <returns>As many as the site has arguments, or null when the source does not know the probe.</returns>
    ArgumentName[]? Find(ProbeFile file, Probe probe, ProbeSite site);
}
