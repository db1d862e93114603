using System.Diagnostics.CodeAnalysis;

namespace Osprey.Symbols.Index.Lookups;

/// <summary>
/// The answers that a module's debug info gave for addresses, in this run and in earlier ones. People look at the same
/// guest again and again, and its threads stand at the same few hundred places: with their answers at hand, no unit
/// has to be read.
/// </summary>
/// <remarks>Not thread-safe; its owner locks. Addresses are link-time ones.</remarks>
internal sealed class LookupCache
{
    /// <summary>Most answers of each kind that are kept for the next run.</summary>
    public const int MaxAnswers = 1 << 13;

    private readonly Answers<SymbolFrame[]> _frames = new();
    private readonly Answers<CallTarget?> _functions = new();
    private readonly Answers<CalledFunction> _calls = new();
    private readonly Answers<Jump[]?> _jumps = new();
    private readonly Answers<TableSymbol?> _symbols = new();

    /// <summary>True when there are answers that are not on disk yet.</summary>
    public bool HasNew => _frames.HasNew || _functions.HasNew || _calls.HasNew || _jumps.HasNew || _symbols.HasNew;

    /// <summary>The frames of each address, each with 0 as its address.</summary>
    public IEnumerable<KeyValuePair<ulong, SymbolFrame[]>> Frames => _frames.ForDisk;

    /// <summary>The function at each address; null where debug info knows of none.</summary>
    public IEnumerable<KeyValuePair<ulong, CallTarget?>> Functions => _functions.ForDisk;

    /// <summary>The functions called, by the addresses that the calls return to.</summary>
    public IEnumerable<KeyValuePair<ulong, CalledFunction>> Calls => _calls.ForDisk;

    /// <summary>The jumps out of the function at each address; null where debug info knows of none.</summary>
    public IEnumerable<KeyValuePair<ulong, Jump[]?>> Jumps => _jumps.ForDisk;

    /// <summary>
    /// The symbol of the table that covers each address, itself with a link-time address; null where none does.
    /// </summary>
    public IEnumerable<KeyValuePair<ulong, TableSymbol?>> Symbols => _symbols.ForDisk;

    /// <summary>Finds the frames of an address, and adds them to a list; false when they are not known.</summary>
    public bool TryGetFrames(ulong linkAddress, ulong address, List<SymbolFrame> frames)
    {
        if (!_frames.TryGet(linkAddress, out SymbolFrame[]? known))
            return false;

        foreach (ref readonly SymbolFrame frame in known.AsSpan())
            frames.Add(frame with { Address = address });

        return true;
    }

    /// <summary>Keeps frames of an address.</summary>
    public void AddFrames(ulong linkAddress, ReadOnlySpan<SymbolFrame> frames)
    {
        var kept = new SymbolFrame[frames.Length];
        for (int i = 0; i < kept.Length; i++)
            kept[i] = frames[i] with { Address = 0 };

        _frames.Add(linkAddress, kept);
    }

    /// <summary>Finds the function at an address; false when the answer is not known.</summary>
    public bool TryGetFunction(ulong linkAddress, out CallTarget? function) =>
        _functions.TryGet(linkAddress, out function);

    /// <summary>Keeps the function at an address.</summary>
    public void AddFunction(ulong linkAddress, CallTarget? function) => _functions.Add(linkAddress, function);

    /// <summary>Finds the function that a call leads to; false when the answer is not known.</summary>
    public bool TryGetCall(ulong returnAddress, out CalledFunction called) => _calls.TryGet(returnAddress, out called);

    /// <summary>Keeps the function that a call leads to.</summary>
    public void AddCall(ulong returnAddress, CalledFunction called) => _calls.Add(returnAddress, called);

    /// <summary>Finds the jumps out of the function at an address; false when the answer is not known.</summary>
    public bool TryGetJumps(ulong linkAddress, out Jump[]? jumps) => _jumps.TryGet(linkAddress, out jumps);

    /// <summary>Keeps the jumps out of the function at an address.</summary>
    public void AddJumps(ulong linkAddress, Jump[]? jumps) => _jumps.Add(linkAddress, jumps);

    /// <summary>Finds the symbol that covers an address; false when the answer is not known.</summary>
    public bool TryGetSymbol(ulong linkAddress, out TableSymbol? symbol) => _symbols.TryGet(linkAddress, out symbol);

    /// <summary>Keeps the symbol that covers an address.</summary>
    public void AddSymbol(ulong linkAddress, TableSymbol? symbol) => _symbols.Add(linkAddress, symbol);

    /// <summary>Takes an answer of an earlier run.</summary>
    public void Load(ulong linkAddress, SymbolFrame[] frames) => _frames.Load(linkAddress, frames);

    /// <inheritdoc cref="Load(ulong, SymbolFrame[])"/>
    public void Load(ulong linkAddress, CallTarget? function) => _functions.Load(linkAddress, function);

    /// <inheritdoc cref="Load(ulong, SymbolFrame[])"/>
    public void Load(ulong returnAddress, CalledFunction called) => _calls.Load(returnAddress, called);

    /// <inheritdoc cref="Load(ulong, SymbolFrame[])"/>
    public void Load(ulong linkAddress, Jump[]? jumps) => _jumps.Load(linkAddress, jumps);

    /// <inheritdoc cref="Load(ulong, SymbolFrame[])"/>
    public void Load(ulong linkAddress, TableSymbol? symbol) => _symbols.Load(linkAddress, symbol);

    /// <summary>
    /// Answers of one kind. When there are too many for the disk, those that this run needed are kept.
    /// </summary>
    private sealed class Answers<T>
    {
        private readonly Dictionary<ulong, T> _stored = [];
        private readonly Dictionary<ulong, T> _used = [];

        public bool HasNew { get; private set; }

        public IEnumerable<KeyValuePair<ulong, T>> ForDisk =>
            _used.Concat(_stored.Where(answer => !_used.ContainsKey(answer.Key))).Take(MaxAnswers);

        public bool TryGet(ulong key, [MaybeNullWhen(false)] out T answer)
        {
            if (_used.TryGetValue(key, out answer))
                return true;

            if (!_stored.TryGetValue(key, out answer))
                return false;

            _used.Add(key, answer);
            return true;
        }

        public void Add(ulong key, T answer)
        {
            // A trace has millions of addresses; they are asked for once, and its reader keeps what it learned.
            if (_used.Count < MaxAnswers && _used.TryAdd(key, answer))
                HasNew = true;
        }

        public void Load(ulong key, T answer) => _stored.TryAdd(key, answer);
    }
}
