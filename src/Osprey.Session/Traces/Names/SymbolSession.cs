using Osprey.Guests.Programs;
using Osprey.Symbols;
using Osprey.Symbols.Sources;
using Osprey.Traces.Analyses;
using Osprey.Traces.Formats.Osvt;
using Osprey.Traces.Model;

namespace Osprey.Session.Traces.Names;

/// <summary>The sources of names that the user asked for, open.</summary>
public sealed class SymbolSession : IDisposable
{
    /// <summary>Samples, and addresses, that are enough to tell whether a file fits.</summary>
    private const int MaxChecked = 20_000;

    /// <summary>The share of addresses without a name from which on they are worth a note.</summary>
    private const double ManyUnnamed = 0.2;

    /// <summary>Fewer of them are not worth a note.</summary>
    private const int FewUnnamed = 5;

    private readonly Symbolizer? _symbolizer;
    private readonly List<string> _notes = [];
    private ElfSymbolSource? _kernel;

    private SymbolSession(ISymbolSource? source, Symbolizer? symbolizer = null)
    {
        Source = source;
        _symbolizer = symbolizer;
    }

    /// <summary>The source of names; null when nothing is to be resolved.</summary>
    public ISymbolSource? Source { get; }

    /// <summary>
    /// Tells whether the answer to a question depends on the questions before it, as addr2line's does.
    /// </summary>
    public bool DependsOnOrder => Source is Addr2LineProcess;

    /// <summary>
    /// Notes for the user on the symbols that are missing, damaged, or were taken in place of others.
    /// </summary>
    public IEnumerable<string> Notes =>
        _symbolizer is null
            ? _notes
            : _notes.Concat(_symbolizer.Diagnostics.Select(diagnostic => diagnostic.ToString()));

    /// <summary>Opens the sources of names that the settings ask for.</summary>
    /// <param name="settings">What the user asked for.</param>
    /// <param name="trace">The trace whose addresses will be resolved; a dump brings symbols of its own.</param>
    /// <exception cref="FileNotFoundException">A file that was asked for does not exist.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="FormatException">A module is not given as PATH@BASE.</exception>
    /// <exception cref="Binary.BadDataException">A file that was asked for is malformed.</exception>
    public static SymbolSession Open(SymbolSettings settings, TraceSession trace)
    {
        if (settings.NoResolve)
            return new SymbolSession(null);

        if (settings.UseSymbolsFile)
            return FromSymbolsFile(trace.Path + ".symbols", trace.IsCompat);

        string? elf = settings.ElfPath ?? settings.DefaultElfPath;
        bool isAsked = settings.ElfPath is not null || settings.RequiresDefaultElf || trace.IsCompat;
        // A recording brings the names of the very build that ran.
        bool bringsNames = !isAsked && trace.Reader is OsvtReader dump && dump.ReadNames() is not null;
        if (bringsNames || !File.Exists(elf))
        {
            if (isAsked)
                throw new FileNotFoundException("File not found: " + elf);

            return WithoutElf(settings, trace);
        }

        var symbolizer = new Symbolizer(OptionsFrom(settings));
        try
        {
            if (trace.IsCompat)
                return LikeReference(symbolizer, elf, settings, trace);

            ElfSymbolSource kernel = symbolizer.AddElf(elf);
            if (KernelFileSymbols.Find(kernel.Image) is { } table)
                symbolizer.AddTable(table);

            AddModules(symbolizer, settings, trace);
            return new SymbolSession(symbolizer, symbolizer) { _kernel = kernel };
        }
        catch
        {
            symbolizer.Dispose();
            throw;
        }
    }

    /// <summary>Checks the ELF file against the return addresses that were resolved.</summary>
    /// <returns>A warning when they are not of this build; null when they are, or when there is no ELF file.</returns>
    public string? FindMisfit(IEnumerable<ulong> returnAddresses) =>
        _kernel is null ? null : ElfFit.Check(_kernel, returnAddresses, []).Warning;

    /// <summary>Checks the ELF file against the first samples of a trace, before their names are shown.</summary>
    /// <param name="trace">The trace; a file is opened once more, standard input cannot be.</param>
    /// <inheritdoc cref="FindMisfit(IEnumerable{ulong})"/>
    public string? FindMisfit(TraceSession trace)
    {
        if (_kernel is null || !trace.IsFile)
            return null;

        using TraceSession again = TraceSession.Open(trace.Path, trace.IsCompat);
        var addresses = new HashSet<ulong>();
        var batch = new SampleBatch();
        for (int samples = 0; samples < MaxChecked && addresses.Count < MaxChecked && again.Reader.Read(batch); )
        {
            samples += batch.Count;
            for (int i = 0; i < batch.Count; i++)
            {
                foreach (ulong address in batch[i].Backtrace)
                    addresses.Add(address);
            }
        }

        return FindMisfit(addresses);
    }

    /// <summary>Says how many addresses have no name, when they are many and an ELF file would name them.</summary>
    /// <param name="symbols">What was asked for.</param>
    /// <returns>A note; null when there is nothing to say.</returns>
    public string? DescribeUnnamed(StackSymbols symbols)
    {
        int all = symbols.Addresses.Count;
        int unnamed = symbols.UnresolvedCount;
        bool isWorthIt = Source is not null && _kernel is null && unnamed < all && unnamed >= all * ManyUnnamed;
        return isWorthIt && unnamed >= FewUnnamed
            ? $"{unnamed} of {all} addresses have no name here; the guest's ELF file names static functions too "
                + "(-e loader.elf)"
            : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        (Source as IDisposable)?.Dispose();
        _symbolizer?.Dispose();
    }

    /// <summary>
    /// addr2line, and behind it the dump's own symbols; without that program our own reader, whose names differ in
    /// places.
    /// </summary>
    private static SymbolSession LikeReference(
        Symbolizer symbolizer,
        string elf,
        SymbolSettings settings,
        TraceSession trace
    )
    {
        AddModules(symbolizer, settings, trace);
        if (Addr2LineProcess.TryStart(elf, !settings.NoInlines, symbolizer) is Addr2LineProcess process)
            return new SymbolSession(process, symbolizer);

        symbolizer.AddElf(elf);
        var session = new SymbolSession(new Addr2LineNames(symbolizer), symbolizer);
        session._notes.Add("addr2line is missing (package binutils): some names may differ from the reference's");
        return session;
    }

    private static SymbolSession FromSymbolsFile(string path, bool isCompat)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException(
                $"File not found: {path} (-S takes the names from there; -e takes them from an ELF file)"
            );

        var source = SymbolsFileSource.Open(path, isCompat);
        var session = new SymbolSession(source);
        if (source.BadLineCount > 0)
            session._notes.Add($"{path}: {source.BadLineCount} lines could not be read; the first is {source.Problem}");

        return session;
    }

    /// <summary>Without an ELF file: the symbols beside the trace, or those in it.</summary>
    private static SymbolSession WithoutElf(SymbolSettings settings, TraceSession trace)
    {
        string beside = trace.Path + ".symbols";
        if (File.Exists(beside) && settings.Modules.Count == 0)
        {
            SymbolSession session = FromSymbolsFile(beside, isCompat: false);
            session._notes.Add($"names are taken from {beside} (-e ELF for more of them, -x for none)");
            return session;
        }

        if (trace.Reader.Names is ISymbolSource own && settings.Modules.Count == 0)
            return new SymbolSession(own);

        var symbolizer = new Symbolizer(OptionsFrom(settings));
        AddModules(symbolizer, settings, trace);
        var bare = new SymbolSession(symbolizer, symbolizer);
        if (trace.Reader is not OsvtReader && settings.Modules.Count == 0)
            bare._notes.Add(
                $"addresses are not resolved: there is neither {settings.DefaultElfPath} nor {beside} "
                    + "(give -e ELF, or -x to leave this note out)"
            );

        return bare;
    }

    private static void AddModules(Symbolizer symbolizer, SymbolSettings settings, TraceSession trace)
    {
        foreach (string module in settings.Modules)
        {
            ModulePlace place = ModulePlace.Parse(module);
            symbolizer.AddElf(place.Path, place.Base);
        }

        if (trace.Reader is not OsvtReader dump)
            return;

        if (!trace.IsCompat && dump.ReadNames() is { } names)
            symbolizer.AddFallback(settings.NoInlines ? new OutermostFrames(names) : names);

        OsvtSymbolTables tables = dump.ReadSymbols();
        if (settings.Sysroot is not null)
        {
            foreach (OsvtModule module in tables.Modules.Skip(1))
                symbolizer.TryAddGuestModule(module.Path, module.Base);
        }

        symbolizer.AddFallback(DumpNames.Create(tables, trace.IsCompat));
    }

    private static SymbolizerOptions OptionsFrom(SymbolSettings settings) =>
        new()
        {
            InlinedFrames = !settings.NoInlines,
            Sysroot = settings.Sysroot,
            UseCache = !settings.NoCache,
        };
}
