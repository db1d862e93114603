using Osprey.Guests.Linux.Stacks;
using Osprey.Guests.Programs;
using Osprey.Symbols.Types;
using Osprey.Target.Unwinding.Rules;

namespace Osprey.Guests.Linux;

/// <content>The table that the kernel follows its own stacks by.</content>
internal sealed partial class LinuxGuest : IGuestUnwindRules
{
    public IUnwindRuleSource CreateUnwindRules(Func<string, ulong?> findSymbol, Func<string, DebugType?> findType) =>
        new OrcUnwindRules(
            () => GetOwnSpace(_machine.Space).Memory,
            () => _machine.Memory.Generation.Value,
            findSymbol,
            findType
        );
}
