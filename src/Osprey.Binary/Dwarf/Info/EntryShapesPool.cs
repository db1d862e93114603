namespace Osprey.Binary.Dwarf.Info;

/// <summary>
/// The abbreviations of the units that were walked last. Walks that are short and go through many units would
/// otherwise make new arrays for each of them.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class EntryShapesPool
{
    /// <summary>So many are kept: a walk often comes back to a unit soon.</summary>
    private const int Capacity = 8;

    private readonly Lock _lock = new();
    private readonly List<EntryShapes> _free = []; // the one that was used last is the last one

    /// <summary>Takes the abbreviations of a unit, which nobody else has until they are given back.</summary>
    /// <exception cref="BadDataException">They are malformed.</exception>
    public EntryShapes Rent(CompilationUnit unit)
    {
        EntryShapes shapes = Take(unit);
        try
        {
            shapes.Load(unit);
        }
        catch
        {
            Return(shapes);
            throw;
        }

        return shapes;
    }

    /// <summary>Gives back what was rented.</summary>
    public void Return(EntryShapes shapes)
    {
        lock (_lock)
        {
            if (_free.Count == Capacity)
                _free.RemoveAt(0);

            _free.Add(shapes);
        }
    }

    private EntryShapes Take(CompilationUnit unit)
    {
        lock (_lock)
        {
            for (int i = _free.Count - 1; i >= 0; i--)
            {
                if (_free[i].AreOf(unit))
                    return RemoveAt(i);
            }

            return _free.Count == Capacity ? RemoveAt(0) : new EntryShapes();
        }
    }

    private EntryShapes RemoveAt(int index)
    {
        EntryShapes shapes = _free[index];
        _free.RemoveAt(index);
        return shapes;
    }
}
