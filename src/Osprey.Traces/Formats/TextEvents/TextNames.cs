using Osprey.Symbols;

namespace Osprey.Traces.Formats.TextEvents;

/// <summary>The names of functions as a text has them in its stacks.</summary>
/// <remarks>
/// Where a stack has names without addresses, they get numbers of our own, from <see cref="FirstOwnAddress"/> on: no
/// code of a kernel or program lies there.
/// </remarks>
internal sealed class TextNames : ISymbolSource
{
    private const ulong FirstOwnAddress = 0xfffe_0000_0000_0000;
    private const int MaxNames = 1 << 22;

    private readonly Dictionary<ulong, string> _names = [];
    private readonly Dictionary<string, ulong> _own = [];

    /// <summary>Tells whether there are any names.</summary>
    public bool Any => _names.Count > 0;

    /// <summary>The address of a frame; its name is kept.</summary>
    public ulong Add(ulong? address, string? function)
    {
        if (address is not ulong known)
        {
            if (_own.TryGetValue(function!, out known))
                return known;

            known = FirstOwnAddress + (16 * (ulong)_own.Count);
            if (_own.Count < MaxNames)
                _own.Add(function!, known);
        }

        if (function is not null && _names.Count < MaxNames)
            _names.TryAdd(known, function);

        return known;
    }

    /// <inheritdoc/>
    public bool TryResolve(ulong address, List<SymbolFrame> frames)
    {
        if (!_names.TryGetValue(address, out string? name))
            return false;

        frames.Add(new SymbolFrame(address, name));
        return true;
    }
}
