using Osprey.Symbols;
using Osprey.Symbols.Modules;
using Osprey.Target;
using Osprey.Target.Architectures;
using Osprey.Target.Unwinding;
using Osprey.Values;

namespace Osprey.Guests;

/// <summary>
/// The kernel of a guest with its debug info: what the abilities of an operating system (<see cref="IGuestOs"/>) read
/// their answers out of.
/// </summary>
/// <param name="values">The kernel's variables and types, over the guest's memory.</param>
/// <param name="symbols">Names for addresses.</param>
/// <param name="code">The code of all programs that are known, to follow stacks through.</param>
/// <remarks>Used from one thread at a time.</remarks>
public sealed class GuestKernel(ValueSpace values, Symbolizer symbols, IUnwindModuleSource code)
{
    private readonly BacktraceSymbols _names = new(symbols);
    private readonly Dictionary<string, ulong?> _addresses = [];

    /// <summary>The kernel's variables and types, over the guest's memory.</summary>
    public ValueSpace Values => values;

    /// <summary>Names for addresses.</summary>
    public Symbolizer Symbols => symbols;

    /// <summary>The guest's architecture.</summary>
    public Architecture Architecture => values.Architecture;

    /// <summary>
    /// Makes all memory that was read so far old, for a newer look at a guest that runs; does nothing for one that does
    /// not change.
    /// </summary>
    public Action Refresh { get; init; } = () => { };

    /// <summary>
    /// Finds the address of a symbol; null when there is none. A name is looked up once: a table may be slow to search.
    /// </summary>
    public ulong? FindSymbol(string name)
    {
        if (!_addresses.TryGetValue(name, out ulong? address))
            _addresses[name] = address = symbols.FindSymbol(name);

        return address;
    }

    /// <summary>Finds a variable of the kernel by the names that it has had, newest first.</summary>
    /// <exception cref="TargetException">The kernel has none of them.</exception>
    public Value GetVariable(params ReadOnlySpan<string> names) =>
        FindVariable(names)
        ?? throw new TargetException(
            !values.Modules.Any() ? TargetProblem.KernelUnknown : TargetProblem.NotConfigured,
            !values.Modules.Any()
                ? "the guest's kernel is not known, so that its variables can't be found"
                : $"not configured in this kernel: it has no variable {names[0]}"
        );

    /// <summary>
    /// Finds a variable of the kernel by the names that it has had, newest first; null when it has none.
    /// </summary>
    public Value? FindVariable(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (values.FindVariable(name) is { } value)
                return value;
        }

        return null;
    }

    /// <summary>Follows the stack that registers lead to. Nothing is paused.</summary>
    public Backtrace Unwind(RegisterSet registers, UnwinderOptions? options = null) =>
        new Unwinder(code, values.Memory, options).Unwind(registers);

    /// <summary>Names the frames of a stack, with the functions that were inlined.</summary>
    public IReadOnlyList<BacktraceRow> Name(Backtrace backtrace) => _names.Expand(backtrace);

    /// <summary>Finds the module that an address is in; null when none is known there.</summary>
    public Module? FindModule(ulong address) => symbols.Modules.Find(address);
}
