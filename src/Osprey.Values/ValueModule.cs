using Osprey.Symbols.Modules;
using Osprey.Symbols.Types;

namespace Osprey.Values;

/// <summary>A module whose types and variables an expression can name.</summary>
/// <param name="Types">The module's debug info.</param>
/// <param name="Bias">The difference between the module's run-time and link-time addresses.</param>
/// <param name="ThreadLocals">
/// Gives the run-time address of a thread-local variable in the selected thread, by its offset in the module's block.
/// The function, or its result, is null when no thread is selected, or the thread has no block of this module.
/// </param>
public sealed record ValueModule(ITypeSource Types, LoadBias Bias, Func<ulong, ulong?>? ThreadLocals = null)
{
    /// <summary>The run-time address of the module's first byte, to look up modules by address.</summary>
    public ulong Start { get; init; }

    /// <summary>The run-time address after the module's last byte; the highest address when it is not set.</summary>
    public ulong End { get; init; } = ulong.MaxValue;
}
