using Osprey.Guests.Containers;
using Osprey.Guests.Linux.Containers;
using Osprey.Target;
using Osprey.Values.Expressions;

namespace Osprey.Guests.Linux;

/// <content>Pointers by number, in trees.</content>
internal sealed partial class LinuxGuest : IGuestPointerTrees
{
    private const int MaxPointers = 1 << 16;

    public GuestList<ulong> ReadPointers(GuestKernel kernel, PointerTreeKind kind, ulong tree)
    {
        var defects = new List<string>();
        var pointers = new List<ulong>();
        foreach (ulong entry in Enumerate(kernel, kind, tree, defects.Add))
        {
            if (pointers.Count == MaxPointers)
            {
                defects.Add($"the tree has more than {MaxPointers} entries");
                break;
            }

            pointers.Add(entry);
        }

        return new GuestList<ulong>(pointers, defects);
    }

    private static IEnumerable<ulong> Enumerate(
        GuestKernel kernel,
        PointerTreeKind kind,
        ulong tree,
        Action<string> addDefect
    )
    {
        if (kind == PointerTreeKind.XArray)
        {
            LinuxXArray array =
                LinuxXArray.TryCreate(kernel)
                ?? throw new TargetException(TargetProblem.NotUnderstood, "the kernel's types have no struct xarray");
            return array.Enumerate(tree, "entries", addDefect).Select(item => item.Entry);
        }

        ulong? root = new LinuxStruct(kernel, "struct maple_tree").Require("ma_root").Read(kernel.Values.Memory, tree);
        return new LinuxMapleTree(kernel).Enumerate(root, "entries", addDefect).Select(range => range.Entry);
    }
}
