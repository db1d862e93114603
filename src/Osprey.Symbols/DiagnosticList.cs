namespace Osprey.Symbols;

/// <summary>Collects what is to be told to the user: each thing once, and not without end.</summary>
internal sealed class DiagnosticList
{
    private const int MaxCount = 100;

    private readonly Lock _lock = new();
    private readonly List<SymbolDiagnostic> _items = [];

    public void Add(string module, string message)
    {
        lock (_lock)
        {
            var item = new SymbolDiagnostic(module, message);
            if (_items.Count < MaxCount && !_items.Contains(item))
                _items.Add(item);
        }
    }

    public IReadOnlyList<SymbolDiagnostic> ToList()
    {
        lock (_lock)
            return [.. _items];
    }
}
