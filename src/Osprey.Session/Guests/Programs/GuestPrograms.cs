using Osprey.Binary;
using Osprey.Binary.Elf;
using Osprey.Guests;
using Osprey.Guests.Modules;
using Osprey.Guests.Programs;
using Osprey.Session.Traces.Names;
using Osprey.Symbols;
using Osprey.Symbols.Modules;
using Osprey.Symbols.Sources;
using Osprey.Symbols.Types;
using Osprey.Target;
using Osprey.Target.Backends.CoreFile;
using Osprey.Target.Memory;
using Osprey.Target.Unwinding;
using Osprey.Target.Unwinding.Rules;

namespace Osprey.Session.Guests.Programs;

/// <summary>The ELF files of what runs in a guest: its kernel, and programs that the user named.</summary>
public sealed partial class GuestPrograms : IDisposable
{
    private readonly IGuestOs _os;
    private readonly GuestSettings _settings;
    private readonly List<GuestModule> _modules = [];
    private readonly List<string> _notes = [];
    private IUnwindRuleSource? _unwindRules;

    /// <summary>Files that nobody named: libraries without debug info are nothing to speak of.</summary>
    private readonly HashSet<string> _found = [];

    private GuestPrograms(IGuestOs os, GuestSettings settings)
    {
        _os = os;
        _settings = settings;
        Options = new SymbolizerOptions { UseCache = !settings.NoCache };
        Symbols = new Symbolizer(Options);
    }

    /// <summary>Options for their symbols.</summary>
    public SymbolizerOptions Options { get; }

    /// <summary>Their names for addresses.</summary>
    public Symbolizer Symbols { get; }

    /// <summary>All of them, the kernel first.</summary>
    public IReadOnlyList<GuestModule> Modules => _modules;

    /// <summary>The kernel; null when its file is not known.</summary>
    public GuestModule? Kernel { get; private set; }

    /// <summary>
    /// The types and variables of all of them, the kernel's first; last those that a kernel without debug info has in
    /// memory, which are searched for only when the ones before were enumerated.
    /// </summary>
    public IEnumerable<ITypeSource> Types
    {
        get
        {
            foreach (GuestModule module in _modules)
                yield return module.Types;

            if (KernelTypes is { IsFound: true } types)
                yield return types;
        }
    }

    /// <summary>
    /// The types that the kernel describes itself in memory, of its modules too; null when the system has none of the
    /// kind.
    /// </summary>
    internal KernelTypes? KernelTypes { get; private set; }

    /// <summary>Notes for the user.</summary>
    public IEnumerable<string> Notes =>
        _notes
            .Concat(KernelTypes?.Notes ?? [])
            .Concat(Diagnostics.Where(item => !_found.Contains(item.Module)).Select(item => item.ToString()))
            .Concat(_modules.Select(module => module.Unwind.Problem).OfType<string>())
            .Distinct();

    private IEnumerable<SymbolDiagnostic> Diagnostics =>
        Symbols.Diagnostics.Concat(_modules.SelectMany(module => module.Types.Diagnostics));

    /// <summary>
    /// Opens what the user named; when nobody named the kernel, what a core names, and else looks for the kernel.
    /// </summary>
    /// <param name="os">The guest's system.</param>
    /// <param name="settings">The names that the user gave.</param>
    /// <param name="recorded">The names that a core gives.</param>
    /// <exception cref="IOException">A file that was named can't be opened.</exception>
    /// <exception cref="BadDataException">A file that was named is malformed.</exception>
    /// <exception cref="TargetException">A file that was named is not what runs in the guest.</exception>
    internal static GuestPrograms Open(IGuestOs os, GuestSettings settings, IReadOnlyList<CoreProgram> recorded)
    {
        var programs = new GuestPrograms(os, settings);
        try
        {
            if (settings.ExecutablePath is { } path && File.Exists(path) && IsSymbolFile(os, path))
                programs.AddSymbolFile((IGuestSymbolFiles)os, path);
            else if (settings.ExecutablePath is not null)
                programs.Kernel = programs.AddNamed(settings.ExecutablePath, null);
            else if (!programs.TryAddRecorded(recorded))
                programs.FindKernel();

            foreach (string module in settings.Modules)
            {
                ModulePlace place = ModulePlace.Parse(module);
                programs.AddNamed(place.Path, place.Base);
            }

            if (os is IGuestSymbols symbols)
                programs.FindTables(symbols);

            if (os is IGuestTypes types)
                programs.KernelTypes = new KernelTypes(
                    types,
                    programs.Symbols.FindSymbol,
                    programs.Kernel is { Types.HasTypes: true }
                );

            if (os is IGuestUnwindRules rules)
            {
                KernelTypes? found = programs.KernelTypes?.WithoutNote();
                programs._unwindRules = rules.CreateUnwindRules(
                    programs.Symbols.FindSymbol,
                    name => programs.Kernel?.Types.FindType(name) ?? found?.FindType(name)
                );
            }

            return programs;
        }
        catch
        {
            programs.Dispose();
            throw;
        }
    }

    /// <summary>Adds a file of one that the guest has loaded; its code was compared with memory before.</summary>
    internal void AddLoaded(string path, GuestObject loaded, string origin)
    {
        // The user may have named it as well.
        if (_modules.Any(module => module.Start <= loaded.Start && loaded.Start < module.End))
            return;

        try
        {
            _found.Add(path);
            Add(path, new LoadBias(loaded.Base), ProgramFit.Same, origin);
        }
        catch (Exception exception) when (exception is BadDataException or IOException or UnauthorizedAccessException)
        {
            _notes.Add($"{path} ({origin}) is not used: {exception.Message}");
        }
    }

    /// <summary>Adds the symbols of the kernel's modules, to ask where nothing else has the name.</summary>
    internal void AddModuleSymbols(ModuleSymbolTable table) => Symbols.AddTable(table);

    /// <summary>Adds a note for the user.</summary>
    internal void AddNote(string note) => _notes.Add(note);

    /// <summary>The same, unless the user was told already.</summary>
    internal void AddNoteOnce(string note)
    {
        if (!_notes.Contains(note))
            _notes.Add(note);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (GuestModule module in _modules)
            module.Types.Dispose();

        Symbols.Dispose();
    }

    /// <summary>
    /// Lists them as unwinding sees them, with the table that the kernel follows its own stacks by, where it has one.
    /// </summary>
    internal UnwindModuleList ListForUnwinding() => new(_modules.Select(module => module.Unwind), _unwindRules);

    /// <summary>Lists them as a core records them, by full path and build-id.</summary>
    internal IReadOnlyList<CoreProgram> ListForCore() =>
        [
            .. _modules.Select(module => new CoreProgram(
                module == Kernel,
                Path.GetFullPath(module.Path),
                module.Image.ReadBuildId().ToString(),
                module.Bias.Value
            )),
        ];

    /// <summary>
    /// Opens what the core names; each file is compared with the core's memory, like any other. What is not as the
    /// core says is noted.
    /// </summary>
    /// <returns>False when the kernel is not among them.</returns>
    private bool TryAddRecorded(IReadOnlyList<CoreProgram> recorded)
    {
        foreach (CoreProgram program in recorded.OrderByDescending(program => program.IsKernel))
        {
            bool isNamed =
                !program.IsKernel
                && _settings.Modules.Any(module => Path.GetFullPath(ModulePlace.Parse(module).Path) == program.Path);
            if (isNamed || (program.IsKernel && Kernel is not null))
                continue;

            string what = program.IsKernel ? "the core's kernel" : "a module of the core";
            if (RecordedFile.Find(program, _settings.SearchFolders, out string? problem) is not { } path)
            {
                _notes.Add($"{program.Path}, {what}, is not used: {problem}");
                continue;
            }

            if (path != program.Path)
                _notes.Add($"{program.Path}, {what}, was moved: {path} has its build-id and is used");

            AddRecorded(program, path, what);
        }

        return Kernel is not null;
    }

    private void AddRecorded(CoreProgram program, string path, string what)
    {
        try
        {
            LoadBias bias;
            ProgramFit fit;
            using (ElfImage image = ElfImage.Open(path, Options.Limits))
            {
                bias = program.IsKernel ? _os.GetKernelBias(image) : new LoadBias(program.Bias);
                fit = Check(image, bias);
            }

            if (fit != ProgramFit.Same)
            {
                string reason =
                    fit == ProgramFit.Different
                        ? "the core's memory holds other code where it should be"
                        : "it can't be compared with the core's memory";
                _notes.Add($"{path}, {what}, is not used: {reason}");
                return;
            }

            if (!program.IsKernel)
                _found.Add(path);

            GuestModule module = Add(path, bias, fit, "as the core says");
            if (program.IsKernel)
                Kernel = module;
        }
        catch (Exception exception) when (exception is BadDataException or IOException or UnauthorizedAccessException)
        {
            _notes.Add($"{path}, {what}, is not used: {exception.Message}");
        }
    }

    private GuestModule AddNamed(string path, ulong? start)
    {
        if (!File.Exists(path))
            throw Directory.Exists(path)
                ? new IOException($"{path}: it is a folder, not a file")
                : new FileNotFoundException($"{path}: there is no such file");

        LoadBias bias;
        ProgramFit fit;
        using (ElfImage image = ElfImage.Open(path, Options.Limits))
        {
            bias = start is { } address ? LoadBias.FromBase(image, address) : _os.GetKernelBias(image);
            fit = Check(image, bias);
            if (_os.FindCaveat(image) is { } caveat)
                _notes.Add($"{path}: {caveat}");
        }

        // Of the kernel that was recognised, the place is known: a file that belongs elsewhere is not its.
        bool isElsewhere = fit == ProgramFit.Unknown && start is null && _os.Identity.KernelAddress != 0;
        if ((fit == ProgramFit.Different || isElsewhere) && !_settings.AcceptAnyBuild)
        {
            throw new TargetException(
                TargetProblem.OtherBuild,
                $"{path} is not what runs in the guest: "
                    + (
                        isElsewhere
                            ? "nothing of the guest's memory can be read where its code should be"
                            : "the guest's memory holds other code where it should be"
                    )
            );
        }

        return Add(path, bias, fit, "as given");
    }

    private void FindKernel()
    {
        var seen = new HashSet<string>();
        foreach ((string path, string origin) in _os.FindKernelFiles(_settings.SearchFolders))
        {
            if (!File.Exists(path) || !seen.Add(Path.GetFullPath(path)))
                continue;

            try
            {
                LoadBias bias;
                ProgramFit fit;
                using (ElfImage image = ElfImage.Open(path, Options.Limits))
                {
                    if (!KernelFileSymbols.HasSymbols(image))
                        continue;

                    bias = _os.GetKernelBias(image);
                    fit = Check(image, bias);
                }

                if (fit == ProgramFit.Same)
                {
                    Kernel = Add(path, bias, fit, origin);
                    return;
                }

                string reason =
                    fit == ProgramFit.Different
                        ? "the guest runs another build"
                        : "it can't be compared with the guest's memory";
                _notes.Add($"{path} ({origin}) is not used: {reason}");
            }
            catch (Exception exception)
                when (exception is BadDataException or IOException or UnauthorizedAccessException)
            {
                // QEMU's -kernel is often no ELF file at all.
            }
        }
    }

    private ProgramFit Check(ElfImage image, LoadBias bias)
    {
        foreach (IMemoryReader memory in _os.GetProgramMemories())
        {
            ProgramFit fit = ProgramCheck.Compare(image, bias, memory);
            if (fit != ProgramFit.Unknown)
                return fit;
        }

        return ProgramFit.Unknown;
    }

    private GuestModule Add(string path, LoadBias bias, ProgramFit fit, string origin)
    {
        ElfSymbolSource source = Symbols.AddElf(path, bias);
        string verdict = fit switch
        {
            ProgramFit.Same => "same as in memory",
            ProgramFit.Different => "DIFFERENT in memory",
            _ => "not compared: nothing of it can be read here",
        };
        TypeCatalog types = TypeCatalog.Open(path, Options);
        types.FindSymbolElsewhere = name =>
            KernelTable?.FindSymbols(name) is [{ } first, ..] ? bias.ToLinkAddress(first.Address) : null;
        var module = new GuestModule(
            path,
            source.Module.Start,
            source.Module.End,
            bias,
            $"{origin}, {verdict}",
            source.Image,
            types,
            new UnwindModule(source.Image, bias, source.FindDebugFile, Options.Limits)
        );
        _modules.Add(module);
        return module;
    }
}
