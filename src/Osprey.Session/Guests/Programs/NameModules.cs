using System.Collections;
using Osprey.Values;

namespace Osprey.Session.Guests.Programs;

/// <summary>
/// The modules in which the names of an expression are looked up: those that are known, and behind them what else the
/// guest has loaded, which is looked for when the names of the ones before were not enough.
/// </summary>
/// <param name="known">The modules that are known.</param>
/// <param name="findOthers">Finds the others.</param>
internal sealed class NameModules(IEnumerable<ValueModule> known, Func<IEnumerable<ValueModule>> findOthers)
    : IEnumerable<ValueModule>
{
    private readonly List<ValueModule> _modules = [.. known];
    private bool _isComplete;

    /// <inheritdoc/>
    public IEnumerator<ValueModule> GetEnumerator()
    {
        for (int i = 0; i < _modules.Count || FindOthers(i); i++)
            yield return _modules[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Finds the others.</summary>
    /// <param name="index">A number past those that are known.</param>
    /// <returns>Whether there is a module of that number then.</returns>
    private bool FindOthers(int index)
    {
        if (_isComplete)
            return false;

        // Before the search, which may look up names of the kernel itself.
        _isComplete = true;
        try
        {
            _modules.AddRange(findOthers());
        }
        catch
        {
            _isComplete = false;
            throw;
        }

        return index < _modules.Count;
    }
}
