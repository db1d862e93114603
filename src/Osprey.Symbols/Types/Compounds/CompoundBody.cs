using Osprey.Symbols.Types.Variables;

namespace Osprey.Symbols.Types.Compounds;

/// <summary>The content of a struct, class or union.</summary>
/// <param name="Members">The data members in the order of the source.</param>
/// <param name="Bases">The direct bases.</param>
/// <param name="Statics">The static data members.</param>
/// <param name="TemplateArguments">The arguments that its template was instantiated with, packs expanded.</param>
public sealed record CompoundBody(
    IReadOnlyList<Member> Members,
    IReadOnlyList<BaseClass> Bases,
    IReadOnlyList<DebugVariable> Statics,
    IReadOnlyList<TemplateArgument> TemplateArguments
)
{
    /// <summary>The virtual functions that the class itself declares.</summary>
    public IReadOnlyList<VirtualFunction> VirtualFunctions { get; init; } = [];

    /// <summary>The content of a type without members.</summary>
    public static CompoundBody Empty { get; } = new([], [], [], []);
}
