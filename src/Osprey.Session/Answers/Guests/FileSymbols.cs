using Osprey.Guests.Programs;
using Osprey.Session.Guests;
using Osprey.Session.Traces.Names;
using Osprey.Symbols;
using Osprey.Symbols.Modules;

namespace Osprey.Session.Answers.Guests;

/// <summary>
/// The symbols of ELF files, without any guest: the program where it was linked to, and modules at bases.
/// </summary>
public sealed class FileSymbols : IDisposable
{
    private readonly Symbolizer _symbols;

    /// <summary>Opens the files that the settings name.</summary>
    /// <exception cref="IOException">A file can't be opened.</exception>
    /// <exception cref="Osprey.Binary.BadDataException">A file is not a 64-bit ELF file.</exception>
    public FileSymbols(GuestSettings settings)
    {
        _symbols = new Symbolizer(new SymbolizerOptions { UseCache = !settings.NoCache });
        try
        {
            if (settings.ExecutablePath is { } path && KernelFileSymbols.Find(_symbols.AddElf(path).Image) is { } table)
                _symbols.AddTable(table);

            foreach (string module in settings.Modules)
            {
                ModulePlace place = ModulePlace.Parse(module);
                _symbols.AddElf(place.Path, place.Base);
            }
        }
        catch
        {
            _symbols.Dispose();
            throw;
        }
    }

    /// <summary>Messages to the user about the files' symbols.</summary>
    public IReadOnlyList<SymbolDiagnostic> Diagnostics => _symbols.Diagnostics;

    /// <summary>Asks what is at an address, or where a symbol is.</summary>
    /// <param name="text">A number, or a symbol, also with an offset: <c>main+0x12</c>.</param>
    /// <exception cref="FormatException">It is none of these, or names no symbol or several.</exception>
    public SymbolAnswer Ask(string text)
    {
        ulong address = SymbolAddress.TryFind(text, _symbols, out ulong found)
            ? found
            : throw new FormatException($"there is no symbol '{text}' in the files; an expression needs a guest");
        var frames = new List<SymbolFrame>();
        _symbols.TryResolve(address, frames);
        Module? module = _symbols.Modules.Find(address);
        return new SymbolAnswer(address, SymbolAddress.Name(address, _symbols), module?.Path, frames);
    }

    /// <inheritdoc/>
    public void Dispose() => _symbols.Dispose();
}
