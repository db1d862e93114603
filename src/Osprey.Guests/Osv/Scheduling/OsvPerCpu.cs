using Osprey.Guests.PerCpu;
using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Compounds;
using Osprey.Target;
using Osprey.Values;

namespace Osprey.Guests.Osv.Scheduling;

/// <summary>Finds the copies of OSv's per-CPU variables.</summary>
/// <remarks>
/// A <c>percpu&lt;T&gt;</c> is a place in the section <c>.percpu</c>, of which each CPU has a copy: the place's own
/// address is added to the CPU's <c>percpu_base</c>, which has the section's start subtracted. A
/// <c>dynamic_percpu&lt;T&gt;</c> has such a place in its member <c>_offset</c>.
/// </remarks>
internal static class OsvPerCpu
{
    /// <summary>Finds the copies.</summary>
    /// <exception cref="TargetException">It is no per-CPU variable.</exception>
    public static GuestList<GuestCpuValue> Read(GuestKernel kernel, Value variable, CancellationToken cancellation)
    {
        Value value = variable.Follow();
        if (value.ResolvedType is PointerType)
            value = value.Dereference();

        if (FindPlace(value) is not var (place, type))
            throw new TargetException(
                TargetProblem.NotUnderstood,
                $"this is no per-CPU variable: its type is {TypeNames.Spell(variable.Type)}, not percpu<...>"
            );

        return GuestWalk<GuestCpuValue>.Read(
            kernel,
            walk =>
            {
                foreach ((int number, Value cpu) in OsvCpuList.Enumerate(kernel, walk))
                {
                    if (cpu.Member("percpu_base")?.AsPointer() is > 0 and var start)
                        walk.Add(new GuestCpuValue(number, value.Space.At(type, unchecked(start + place))));
                    else
                        walk.AddDefect($"the per-CPU block of CPU {number} can't be found");
                }
            },
            cancellation
        );
    }

    private static (ulong Place, DebugType? Type)? FindPlace(Value value)
    {
        string name = value.ResolvedType is CompoundType { Name: { } known } ? known : "";
        if (name.StartsWith("percpu<", StringComparison.Ordinal))
            return value.Member("_var") is { Address: { } place } own ? (place, own.Type) : null;

        return
            name.StartsWith("dynamic_percpu<", StringComparison.Ordinal)
            && value.ResolvedType is CompoundType { Body.TemplateArguments: [{ Type: { } type }, ..] }
            && OsvPointers.Number(value.Member("_offset")) is { } offset
            ? (offset, type)
            : null;
    }
}
