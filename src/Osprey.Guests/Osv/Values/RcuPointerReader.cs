using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Compounds;
using Osprey.Values;
using Osprey.Values.Containers;

namespace Osprey.Guests.Osv.Values;

/// <summary>Reads OSv's <c>osv::rcu_ptr</c>: an atomic pointer in a member.</summary>
internal sealed class RcuPointerReader : IContainerReader
{
    private const string Prefix = "osv::rcu_ptr<";

    public IReadOnlyList<string> Namespaces => ["osv::"];

    public bool Matches(CompoundType type) =>
        type.Name is { } name && name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith('>');

    public ContainerView? Open(Value value, CompoundType type)
    {
        if (
            value.Member("_ptr", "ptr")?.AsContainer()
            is not ContainerView.Wrapper { Inner: { ResolvedType: PointerType } plain }
        )
            return null;

        DebugType? target = type.Body.TemplateArguments is [{ Value: null, Type: { } argument }, ..]
            ? argument
            : (plain.ResolvedType as PointerType)?.Target;
        return new ContainerView.Pointer($"osv::rcu_ptr<{TypeNames.Spell(target)}>", plain);
    }
}
