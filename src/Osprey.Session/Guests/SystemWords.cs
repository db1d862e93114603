using Osprey.Guests;
using Osprey.Guests.Containers;
using Osprey.Guests.PerCpu;
using Osprey.Target;
using Osprey.Values;
using Osprey.Values.Expressions;

namespace Osprey.Session.Guests;

/// <summary>Answers the words of expressions that need the guest's operating system.</summary>
internal sealed class SystemWords(GuestSession session) : ISystemWords
{
    private const int MaxWalks = 4;

    public IReadOnlyList<(int Cpu, Value Value)> FindCopies(Value variable)
    {
        if (session.Os is not IGuestPerCpu os)
            throw NotAnswered("per-CPU variables");

        GuestList<GuestCpuValue> copies = os.ReadPerCpu(session.Kernel, variable, default);
        return copies.Defects is [{ } defect, ..]
            ? throw new TargetException(TargetProblem.NotUnderstood, defect)
            : [.. copies.Items.Select(copy => (copy.Cpu, copy.Value)).OrderBy(copy => copy.Cpu)];
    }

    public IReadOnlyList<ulong> ListPointers(PointerTreeKind kind, ulong tree)
    {
        if (session.Os is not IGuestPointerTrees os)
            throw NotAnswered("such trees");

        for (int number = 1; ; number++)
        {
            GuestList<ulong> pointers = os.ReadPointers(session.Kernel, kind, tree);
            if (pointers.Defects.Count == 0)
                return pointers.Items;

            if (number == MaxWalks)
                throw new TargetException(
                    TargetProblem.NotUnderstood,
                    $"the tree is torn after {pointers.Items.Count} entries: {pointers.Defects[0]}"
                );

            session.Kernel.Refresh();
        }
    }

    private TargetException NotAnswered(string what) =>
        new(TargetProblem.NotAnswered, $"of {session.Identity.System} no {what} are known");
}
