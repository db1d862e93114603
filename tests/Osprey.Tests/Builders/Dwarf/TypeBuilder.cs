using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Compounds;
using Osprey.Values;

namespace Osprey.Tests.Builders.Dwarf;

/// <summary>Builds a struct, one member after the other, aligned as compilers do.</summary>
internal sealed class TypeBuilder(string? name, CompoundKind kind = CompoundKind.Struct)
{
    private readonly List<Member> _members = [];
    private readonly List<BaseClass> _bases = [];
    private ulong _size;

    public TypeBuilder Add(string? member, DebugType type, MemberBits? bits = null)
    {
        ulong alignment = Math.Min(type.Size ?? 1, 8);
        ulong offset = kind == CompoundKind.Union ? 0 : (_size + alignment - 1) / alignment * alignment;
        _members.Add(new Member(member, () => type, offset, bits));
        _size = Math.Max(_size, offset + (type.Size ?? 0));
        return this;
    }

    public TypeBuilder AddBase(DebugType type)
    {
        ulong offset = _size;
        _bases.Add(new BaseClass(() => type, offset, false));
        _size += type.Size ?? 0;
        return this;
    }

    public CompoundType Build() => new(kind, name, _size, () => new CompoundBody(_members, _bases, [], []));

    public static DebugType Pointer(DebugType? target) => BuiltinTypes.PointerTo(target);
}
