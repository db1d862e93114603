using Osprey.Binary;

namespace Osprey.Symbols.Modules;

/// <summary>
/// The modules of a guest by their places in memory. Where two overlap, the one with the higher start counts: it was
/// loaded into a gap of the other.
/// </summary>
/// <remarks>Thread-safe.</remarks>
public sealed class ModuleMap
{
    private readonly Lock _lock = new();
    private Module[] _modules = [];
    private ulong[] _starts = [];
    private ulong[] _highestEnds = [];

    /// <summary>All modules, lowest start first.</summary>
    public IReadOnlyList<Module> Modules => _modules;

    /// <summary>Adds a module; a module without a byte is never found.</summary>
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

    /// <summary>Finds the module at a run-time address; null when there is none.</summary>
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
