using Osprey.Target;
using Osprey.Values.Expressions;

namespace Osprey.Guests.Containers;

/// <summary>An operating system that keeps pointers by number, in trees of its own making.</summary>
/// <remarks>A front end asks for it with <see langword="is"/> on the <see cref="IGuestOs"/>.</remarks>
public interface IGuestPointerTrees
{
    /// <summary>Lists the pointers that a tree has, by ascending number.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="kind">The kind of tree.</param>
    /// <param name="tree">The address of the tree itself.</param>
    /// <returns>The pointers; a defect when not all were found.</returns>
    /// <exception cref="TargetException">The kernel has no such trees, or they are not understood.</exception>
    GuestList<ulong> ReadPointers(GuestKernel kernel, PointerTreeKind kind, ulong tree);
}
