using Osprey.Symbols.Types;
using Osprey.Target.Unwinding.Rules;

namespace Osprey.Guests.Programs;

/// <summary>An operating system whose kernel has a table in memory to follow its own stacks by.</summary>
/// <remarks>A front end asks for it with <see langword="is"/> on the <see cref="IGuestOs"/>.</remarks>
public interface IGuestUnwindRules
{
    /// <summary>Gives the rules. The table is searched for when the first rule is asked for.</summary>
    /// <param name="findSymbol">Gives the run-time address of a symbol; null when there is none.</param>
    /// <param name="findType">Gives a type of the kernel by name; null when there is none.</param>
    IUnwindRuleSource CreateUnwindRules(Func<string, ulong?> findSymbol, Func<string, DebugType?> findType);
}
