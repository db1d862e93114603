using Osprey.Binary;

namespace Osprey.Symbols.Modules;

/// <summary>
/// Which module is where. Where two overlap, the one that starts last counts: it was put into the other's hole.
/// </summary>
/// <remarks>Adding and looking up may go on in several threads.</remarks>
public sealed class ModuleMap
{
    private readonly Lock _lock = new();
    private Module[] _modules = [];
    private ulong[] _starts = [];
    private ulong[] _highestEnds = [];

    /// <summary>All modules, lowest start first.</summary>
    public IReadOnlyList<Module> Modules => _modules;

    /// <summary>Adds a module; one without a byte is never found.</summary>
    public void Add(Module module)
    {
        lock (_lock)
        {
            int index = BinarySearch.FindLastNotAbove(_starts, module.Start) + 1;
            Module[] modules = [.. _modules[..index], module, .. _modules[index..]];
            ulong[] starts = new ulong[modules.Length];
            ulong[] highestEnds = new ulong[modules.Length];
            ulong highest = 0;
            for (int i = 0; i < modules.Length; i++)
            {
                starts[i] = modules[i].Start;
                highest = Math.Max(highest, modules[i].End);
                highestEnds[i] = highest;
            }

            _modules = modules;
            _starts = starts;
            _highestEnds = highestEnds;
        }
    }

    /// <summary>The module at a run-time address, or null.</summary>
    public Module? Find(ulong address)
    {
        lock (_lock)
        {
            for (int i = BinarySearch.FindLastNotAbove(_starts, address); i >= 0 && address < _highestEnds[i]; i--)
            {
                if (_modules[i].Contains(address))
                    return _modules[i];
            }

            return null;
        }
    }
}
