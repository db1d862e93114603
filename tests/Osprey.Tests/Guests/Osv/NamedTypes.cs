using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Compounds;
using Osprey.Symbols.Types.Variables;

namespace Osprey.Tests.Guests.Osv;

/// <summary>Debug info that has nothing but some types.</summary>
internal sealed class NamedTypes(params DebugType[] types) : ITypeSource
{
    public DebugType? FindType(string name) => types.FirstOrDefault(type => type.Name == name);

    public DebugVariable? FindVariable(string name) => null;

    public (EnumType Type, Enumerator Enumerator)? FindEnumerator(string name) => null;

    public DebugFunction? FindFunction(string name) => null;

    public IReadOnlyList<DebugScope> FindScopes(ulong linkAddress) => [];
}
