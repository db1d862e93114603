using Osprey.Symbols.Types;
using Osprey.Target;
using Osprey.Target.Memory;

namespace Osprey.Guests.Linux;

/// <summary>One of the kernel's structs: those of its members that are read, and copies of objects.</summary>
/// <remarks>
/// An object is copied first, so that all that is said of it is of one moment. Members are found by name, the newest
/// name first; those that a kernel lacks are null.
/// </remarks>
/// <param name="kernel">The kernel.</param>
/// <param name="name">The struct's name: "struct file".</param>
internal sealed class LinuxStruct(GuestKernel kernel, string name)
{
    private const ulong KernelHalf = 1UL << 63;
    private const ulong MaxSize = 1 << 24;

    private readonly DebugType? _type = kernel.Values.FindType(name);
    private byte[] _copy = [];
    private int _size;

    /// <summary>True when the kernel has such a struct.</summary>
    public bool Exists => _type is not null;

    /// <summary>Its size in bytes; null when not known.</summary>
    public ulong? Size => kernel.Values.GetSize(_type) is > 0 and <= MaxSize and var size ? size : null;

    /// <summary>Finds a member; null when this kernel has none of the name.</summary>
    /// <param name="path">Names of members, each of the struct that the one before is.</param>
    public LinuxField? Find(params ReadOnlySpan<string> path)
    {
        LinuxField? found = LinuxField.Find(kernel.Values, name, path);
        _size = Math.Max(_size, found?.End ?? 0);
        return found;
    }

    /// <summary>Finds a member without which the struct is not understood.</summary>
    /// <exception cref="TargetException">There is none, or the kernel's types are not known.</exception>
    public LinuxField Require(params ReadOnlySpan<string> path)
    {
        if (Find(path) is { } found)
            return found;

        _ = LinuxVariables.GetType(kernel, name);
        throw new TargetException(
            TargetProblem.NotUnderstood,
            $"the kernel's {name} is not understood: it has no member {string.Join('.', path!)}"
        );
    }

    /// <summary>Reads a number of the object at an address; null when there is no such member or memory.</summary>
    public ulong? Read(ulong address, params ReadOnlySpan<string> path) =>
        LinuxField.Find(kernel.Values, name, path)?.Read(kernel.Values.Memory, address);

    /// <summary>Reads a member of the object at an address that leads to another one; null for none.</summary>
    public ulong? ReadPointer(ulong address, params ReadOnlySpan<string> path) =>
        Read(address, path) is > 0 and var pointer ? pointer : null;

    /// <summary>Copies the part of an object that has all members which were found.</summary>
    /// <param name="address">The object.</param>
    /// <param name="copy">The copy, until the next call.</param>
    /// <returns>False when there can be none, or it can't be read.</returns>
    public bool TryCopy(ulong address, out ReadOnlySpan<byte> copy)
    {
        if (_copy.Length != _size)
            _copy = new byte[_size];

        copy = _copy;
        return IsKernelAddress(address)
            && address <= ulong.MaxValue - (ulong)_size
            && kernel.Values.Memory.TryRead(address, _copy);
    }

    /// <summary>True for an address that can be one of the kernel's.</summary>
    public static bool IsKernelAddress(ulong address) => address >= KernelHalf;
}
