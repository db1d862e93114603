using Osprey.Binary;
using Osprey.Probes.Names;
using Osprey.Probes.Notes;
using Osprey.Probes.Operands;
using Osprey.Probes.Processes;
using Osprey.Symbols.Sources;

namespace Osprey.Probes.Tracing;

/// <summary>Finds the sites of a process that patterns mean.</summary>
public static class SiteFinder
{
    /// <summary>Most sites that are traced at once. A JVM has 531.</summary>
    public const int MaxSites = 20_000;

    /// <summary>Finds the sites.</summary>
    /// <param name="loaded">What the process has loaded.</param>
    /// <param name="patterns">The probes that are meant.</param>
    /// <param name="names">Where the names of arguments come from.</param>
    /// <exception cref="ProbeException">A pattern means no probe, or there are too many.</exception>
    public static IReadOnlyList<TracedSite> Find(
        IReadOnlyList<LoadedProbes> loaded,
        IReadOnlyList<ProbePattern> patterns,
        ArgumentNameList names
    )
    {
        foreach (ProbePattern pattern in patterns)
        {
            if (!loaded.Any(item => item.File.Probes.Any(pattern.Matches)))
                throw new ProbeException($"no static probe of the process is named {pattern}");
        }

        var sites = new List<TracedSite>();
        foreach (LoadedProbes item in loaded)
        {
            if (item.File.Machine != ProbeMachine.X64)
                throw new ProbeException($"{item.File.Path} is not for x86-64: its probes can't be traced");

            var symbols = new SymbolFinder(item);
            foreach (Probe probe in item.File.Probes.Where(probe => patterns.Any(pattern => pattern.Matches(probe))))
            {
                ArgumentName[][] found = [.. probe.Sites.Select(site => names.Find(item.File, probe, site))];
                Unify(found);
                foreach ((ProbeSite site, ArgumentName[] own) in probe.Sites.Zip(found))
                    sites.Add(new TracedSite(item, probe, site, own, [.. site.Arguments.Select(symbols.Find)]));
            }
        }

        return sites.Count <= MaxSites
            ? sites
            : throw new ProbeException($"{sites.Count} sites are too many to trace at once: at most {MaxSites}");
    }

    /// <summary>
    /// Gives an argument one name at all sites of a probe: debug info knows each site's own variable. The name that
    /// most sites have is taken, of several the first; text is what points to text wherever it is known.
    /// </summary>
    private static void Unify(ArgumentName[][] sites)
    {
        for (int i = 0; i < sites.Select(names => names.Length).DefaultIfEmpty().Max(); i++)
        {
            ArgumentName[] known = [.. sites.Where(names => names.Length > i).Select(names => names[i])];
            known = [.. known.Where(name => name.Name is not null || name.IsText)];
            if (known.Length == 0)
                continue;

            ArgumentName one = known.GroupBy(name => name.Name).MaxBy(group => group.Count())!.First() with
            {
                IsText = known.All(name => name.IsText),
            };
            foreach (ArgumentName[] names in sites)
            {
                if (names.Length > i)
                    names[i] = one;
            }
        }
    }

    /// <summary>Finds the symbols that operands name, in a file that is opened when there is one.</summary>
    private sealed class SymbolFinder(LoadedProbes loaded)
    {
        private readonly Dictionary<string, ulong?> _found = [];

        public ulong? Find(ProbeArgument argument)
        {
            if (argument.Operand is not ProbeOperand.Memory { Symbol: { } name })
                return null;

            if (!_found.TryGetValue(name, out ulong? address))
                _found.Add(name, address = Search(name));

            return address;
        }

        private ulong? Search(string name)
        {
            try
            {
                using ElfSymbolSource source = ElfSymbolSource.Open(loaded.OpenPath);
                return source.FindSymbol(name) is { } found
                    ? loaded.ToAddress(source.Module.Bias.ToLinkAddress(found))
                    : null;
            }
            catch (Exception exception)
                when (exception is IOException or UnauthorizedAccessException or BadDataException)
            {
                return null;
            }
        }
    }
}
