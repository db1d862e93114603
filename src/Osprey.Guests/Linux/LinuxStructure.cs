using Osprey.Symbols.Types;
using Osprey.Target;
using Osprey.Target.Memory;

namespace Osprey.Guests.Linux;

/// <summary>One of the kernel's structs: the places of its members, and its objects in memory.</summary>
/// <param name="kernel">The kernel.</param>
/// <param name="name">The struct's name: "struct zone".</param>
internal sealed class LinuxStructure(GuestKernel kernel, string name)
{
    private const ulong MaxSize = 1 << 24;

    private readonly DebugType? _type = kernel.Values.FindType(name);

    /// <summary>True when the kernel has such a struct.</summary>
    public bool Exists => _type is not null;

    /// <summary>Its size in bytes; null when not known.</summary>
    public ulong? Size => kernel.Values.GetSize(_type) is > 0 and <= MaxSize and var size ? size : null;

    /// <summary>Finds a member by names, each of the struct that the one before is; null when there is none.</summary>
    public LinuxField? Find(params ReadOnlySpan<string> path) => LinuxField.Find(kernel.Values, name, path);

    /// <summary>Finds a member.</summary>
    /// <exception cref="TargetException">There is none, or the types of the kernel are not known.</exception>
    public LinuxField Require(params ReadOnlySpan<string> path)
    {
        LinuxVariables.GetType(kernel, name);
        return Find(path)
            ?? throw new TargetException(
                TargetProblem.NotUnderstood,
                $"the kernel's {name} is not understood: it has no member {string.Join('.', path!)}"
            );
    }

    /// <summary>Reads a number of the object at an address; null when there is no such member or memory.</summary>
    public ulong? Read(ulong address, params ReadOnlySpan<string> path) =>
        Find(path)?.Read(kernel.Values.Memory, address);

    /// <summary>Reads a member of the object at an address that leads to another one; null for none.</summary>
    public ulong? ReadPointer(ulong address, params ReadOnlySpan<string> path) =>
        Read(address, path) is > 0 and var pointer ? pointer : null;
}
