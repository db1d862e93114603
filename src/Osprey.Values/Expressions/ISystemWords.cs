using Osprey.Target;

namespace Osprey.Values.Expressions;

/// <summary>Words of expressions that only the guest's operating system can answer.</summary>
public interface ISystemWords
{
    /// <summary>Finds the copies that the CPUs have of a variable, or of a part of one, by ascending number.</summary>
    /// <param name="variable">The variable, as the kernel's sources declare it, or a pointer to such.</param>
    /// <exception cref="TargetException">It is no such variable, or not all copies can be found.</exception>
    IReadOnlyList<(int Cpu, Value Value)> FindCopies(Value variable);

    /// <summary>Lists the pointers that a tree has, by ascending number.</summary>
    /// <param name="kind">The kind of tree.</param>
    /// <param name="tree">The address of the tree itself.</param>
    /// <exception cref="TargetException">There are no such trees, or this one is torn each time.</exception>
    IReadOnlyList<ulong> ListPointers(PointerTreeKind kind, ulong tree);
}
