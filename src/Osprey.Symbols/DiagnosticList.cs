namespace Osprey.Symbols;

/// <summary>Collects messages to the user. Each is kept once, and only a limited number of them.</summary>
internal sealed class DiagnosticList
{
    private const int MaxCount = 100;

    private readonly Lock _lock = new();
    private readonly List<SymbolDiagnostic> _items = [];

    /// <summary>Adds a message, unless it is there already or the list is full.</summary>
    public void Add(string module, string message)
    {
        lock (_lock)
        {
            var item = new SymbolDiagnostic(module, message);
            if (_items.Count < MaxCount && !_items.Contains(item))
                _items.Add(item);
        }
    }

    /// <summary>Returns a copy of the messages so far.</summary>
    public IReadOnlyList<SymbolDiagnostic> ToList()
    {
        lock (_lock)
            return [.. _items];
    }
}
