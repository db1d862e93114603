using Osprey.Guests;
using Osprey.Guests.Modules;
using Osprey.Session.Guests.Programs;
using Osprey.Symbols;
using Osprey.Target;

namespace Osprey.Session.Guests;

/// <content>The files of code that the guest has loaded.</content>
public sealed partial class GuestSession
{
    private IReadOnlyList<ModuleFile>? _moduleFiles;
    private GuestList<GuestObject>? _objects;
    private bool _looksForModules;
    private ModuleSymbolTable? _moduleSymbols;
    private ThreadLocalFinder? _threadLocals;

    /// <summary>Lists what the guest has loaded besides its kernel, with the files of this host for it.</summary>
    /// <exception cref="TargetException">The system has no such list, or its kernel is not known.</exception>
    public IReadOnlyList<ModuleFile> ListModules(CancellationToken cancellation = default)
    {
        var os = RequireAbility<IGuestModules>("what it has loaded can't be listed");
        return _moduleFiles ??= FindModules(os, cancellation);
    }

    /// <summary>The reasons why the list of modules may lack some, in words.</summary>
    public IReadOnlyList<string> ModuleDefects => _objects?.Defects ?? [];

    /// <summary>Lists the symbols that the kernel's modules have in memory.</summary>
    internal IEnumerable<TableSymbol> ListModuleSymbols() => _moduleSymbols?.ListSymbols() ?? [];

    /// <summary>
    /// Its programs as far as they are known: what it has loaded is among them once something needed it. Where a file
    /// that is gone would take the programs with it, that is found out first.
    /// </summary>
    internal GuestPrograms KnownPrograms => _known is null ? _programs.Value : Programs;

    /// <summary>Finds thread-local variables of programs.</summary>
    internal ThreadLocalFinder ThreadLocals => _threadLocals ??= new ThreadLocalFinder(this);

    /// <summary>Finds the loaded file that a program is, by its place; null when the guest has none there.</summary>
    internal GuestObject? FindLoaded(GuestModule module) =>
        module == _programs.Value.Kernel
            ? null
            : _objects?.Items.FirstOrDefault(item => item.Start <= module.Start && module.Start < item.End);

    private IReadOnlyList<ModuleFile> FindModules(IGuestModules os, CancellationToken cancellation)
    {
        _objects = os.ReadModules(Kernel, cancellation);
        if (FindKnown(_objects) is { } known)
            return known;

        GuestPrograms programs = _programs.Value;
        var finder = new GuestModuleFinder(os, Kernel.Values.Memory, _settings);
        var found = new List<ModuleFile>();
        foreach (GuestObject loaded in _objects.Items)
        {
            cancellation.ThrowIfCancellationRequested();
            ModuleFile file = os.HasFiles
                ? finder.Find(loaded, programs.Kernel?.Path ?? "")
                : new ModuleFile(loaded, null, "");
            found.Add(file);
            if (file.Path is { } path)
                programs.AddLoaded(path, loaded, file.Origin);
        }

        if (os.HasFiles)
            _kernel = null; // it is to know the code of the new ones

        return found;
    }

    /// <summary>
    /// Adds what the guest has loaded to its programs, so that its code and variables have names. Without an operating
    /// system that knows it, or a kernel, nothing is added.
    /// </summary>
    private void LoadModules()
    {
        // The search asks for symbols itself.
        if (_looksForModules || !_settings.FindsModules)
            return;

        _looksForModules = true;
        if (Os is not IGuestModules { HasFiles: true } os || _programs.Value.Kernel is null || _moduleFiles is not null)
            return;

        try
        {
            _moduleFiles = FindModules(os, default);
        }
        catch (TargetException exception) when (exception.Problem == TargetProblem.NotConfigured)
        {
            // A kernel that loads nothing.
        }
        catch (TargetException exception)
        {
            _programs.Value.AddNote($"what the guest has loaded is not known: {exception.Message}");
        }
    }
}
