using Osprey.Symbols.Modules;
using Osprey.Symbols.Types;

namespace Osprey.Values;

/// <summary>A module whose types and variables expressions can name.</summary>
/// <param name="Types">What its debug info says.</param>
/// <param name="Bias">Where it was loaded.</param>
/// <param name="ThreadLocals">
/// Gives the run-time address of a thread-local of the selected thread by its offset in the module's block; null when
/// no thread is selected, or it has no block of this module.
/// </param>
public sealed record ValueModule(ITypeSource Types, LoadBias Bias, Func<ulong, ulong?>? ThreadLocals = null)
{
    /// <summary>Run-time address of its first byte, for who looks modules up by address.</summary>
    public ulong Start { get; init; }

    /// <summary>The first address behind it; that of everything when it is not given.</summary>
    public ulong End { get; init; } = ulong.MaxValue;
}
