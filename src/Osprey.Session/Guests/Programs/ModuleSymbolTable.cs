using Osprey.Guests.Programs;
using Osprey.Symbols;
using Osprey.Target;

namespace Osprey.Session.Guests.Programs;

/// <summary>
/// The symbols of a kernel's modules, as the kernel keeps them in memory. They are read when a question needs them.
/// </summary>
/// <param name="os">The guest's system.</param>
/// <param name="findKernel">Gives the kernel that they are read from.</param>
/// <param name="addNote">Takes the reason why they can't be read.</param>
internal sealed class ModuleSymbolTable(
    IGuestModuleSymbols os,
    Func<Osprey.Guests.GuestKernel> findKernel,
    Action<string> addNote
) : ISymbolTable
{
    private ISymbolTable? _table;
    private bool _isRead;

    /// <inheritdoc/>
    public int Count => Read()?.Count ?? 0;

    /// <inheritdoc/>
    public IEnumerable<string> Names => Read()?.Names ?? [];

    /// <inheritdoc/>
    public IEnumerable<TableSymbol> ListSymbols() => Read()?.ListSymbols() ?? [];

    /// <inheritdoc/>
    public IReadOnlyList<TableSymbol> FindSymbols(string name) => Read()?.FindSymbols(name) ?? [];

    /// <inheritdoc/>
    public TableSymbol? FindTableSymbol(ulong address) =>
        os.MayHoldModule(address) ? Read()?.FindTableSymbol(address) : null;

    /// <inheritdoc/>
    public bool TryResolve(ulong address, List<SymbolFrame> frames) =>
        os.MayHoldModule(address) && Read()?.TryResolve(address, frames) == true;

    /// <summary>Forgets what was read, since the guest may load and unload modules.</summary>
    public void Forget() => (_table, _isRead) = (null, false);

    private ISymbolTable? Read()
    {
        if (_isRead)
            return _table;

        // Reading asks for symbols itself, which must not begin to read again.
        _isRead = true;
        try
        {
            _table = os.ReadModuleSymbols(findKernel());
        }
        catch (TargetException exception)
            when (exception.Problem is TargetProblem.NotConfigured or TargetProblem.KernelUnknown)
        {
            // A kernel without modules, or one of which nothing is known.
        }
        catch (TargetException exception)
        {
            addNote($"the symbols of the kernel's modules are not known: {exception.Message}");
        }

        return _table;
    }
}
