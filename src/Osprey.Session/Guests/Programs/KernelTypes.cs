using System.Globalization;
using Osprey.Guests.Programs;
using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Compounds;
using Osprey.Symbols.Types.Variables;

namespace Osprey.Session.Guests.Programs;

/// <summary>
/// The types of a kernel without debug info, as it describes them itself in the guest's memory. They are searched for
/// when the first name is asked for.
/// </summary>
internal sealed class KernelTypes : ITypeSource
{
    private readonly Lazy<GuestKernelTypes?> _found;
    private bool _isUsed;

    /// <param name="os">The guest's system.</param>
    /// <param name="findSymbol">Gives the run-time address of a symbol; null when there is none.</param>
    public KernelTypes(IGuestTypes os, Func<string, ulong?> findSymbol)
        : this(new Lazy<GuestKernelTypes?>(() => os.FindTypes(findSymbol))) { }

    private KernelTypes(Lazy<GuestKernelTypes?> found) => _found = found;

    /// <summary>The same types for our own walks through the kernel, which are not worth a note.</summary>
    public KernelTypes WithoutNote() => new(_found);

    /// <summary>A note for the user once an answer came from here; null before.</summary>
    public string? Note =>
        _isUsed && _found.Value is { } found
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"types are those that the kernel has in memory ({found.Format}, {found.Size / 1024} KiB at "
                    + $"0x{found.Address:x}): its debug info is not here"
            )
            : null;

    /// <summary>True when the kernel has types in memory. They are searched for at the first call.</summary>
    public bool IsFound => _found.Value is not null;

    /// <summary>True: kernels that describe their types are in C.</summary>
    public bool IsC => true;

    public DebugType? FindType(string name) => Use(_found.Value?.Types.FindType(name));

    public DebugVariable? FindVariable(string name) => Use(_found.Value?.Types.FindVariable(name));

    public (EnumType Type, Enumerator Enumerator)? FindEnumerator(string name) =>
        Use(_found.Value?.Types.FindEnumerator(name));

    public DebugFunction? FindFunction(string name) => Use(_found.Value?.Types.FindFunction(name));

    public IReadOnlyList<DebugScope> FindScopes(ulong linkAddress) => [];

    private T? Use<T>(T? answer)
    {
        _isUsed |= answer is not null;
        return answer;
    }
}
