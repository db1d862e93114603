using Osprey.Symbols.Types.Variables;

namespace Osprey.Symbols.Types.Compounds;

/// <summary>What is in a struct, class or union.</summary>
/// <param name="Members">Its data members in the order of the source.</param>
/// <param name="Bases">Its direct bases.</param>
/// <param name="Statics">Its static data members.</param>
/// <param name="TemplateArguments">What its template was instantiated with, packs expanded.</param>
public sealed record CompoundBody(
    IReadOnlyList<Member> Members,
    IReadOnlyList<BaseClass> Bases,
    IReadOnlyList<DebugVariable> Statics,
    IReadOnlyList<TemplateArgument> TemplateArguments
)
{
    /// <summary>Nothing in it.</summary>
    public static CompoundBody Empty { get; } = new([], [], [], []);
}
