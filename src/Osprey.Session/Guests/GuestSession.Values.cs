using Osprey.Session.Guests.Programs;
using Osprey.Target;
using Osprey.Target.Architectures;
using Osprey.Values;

namespace Osprey.Session.Guests;

/// <content>Typed values.</content>
public sealed partial class GuestSession
{
    private ValueSpace? _values;
    private RegisterSet? _registers;

    /// <summary>The vCPU that registers and thread-locals are of.</summary>
    public int SelectedCpu => _settings.Cpu ?? 0;

    /// <summary>What values are read from: the chosen address space, and the types of the guest's programs.</summary>
    public ValueSpace Values => _values ??= new ValueSpace(Virtual, [.. Programs.Modules.Select(ToValueModule)], new SessionAddressNames(Symbols));

    /// <summary>The registers of the vCPU that was chosen; null when they can't be had.</summary>
    public RegisterSet? TryReadSelectedRegisters()
    {
        try
        {
            return _registers ??= Target.ReadRegisters(SelectedCpu);
        }
        catch (TargetException)
        {
            return null;
        }
    }

    private ValueModule ToValueModule(GuestModule module) => new(module.Types, module.Bias, offset => FindThreadLocal(module, offset));

    private ulong? FindThreadLocal(GuestModule module, ulong offset) =>
        TryReadSelectedRegisters() is { } registers
        && ThreadLocalBlock.Find(module.Image, Identity.Kind, registers, Virtual) is { } start ? unchecked(start + offset) : null;
}
