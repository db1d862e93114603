namespace Osprey.Target.Architectures;

/// <summary>One register of an <see cref="Architecture"/>. Each exists once: they are compared by reference.</summary>
/// <param name="index">Its place among the architecture's registers, from 0.</param>
/// <param name="name">Its name as gdb spells it, such as "rax" or "fs_base".</param>
/// <param name="size">Its size in bytes, at most 8.</param>
public sealed class Register(int index, string name, int size = sizeof(ulong))
{
    /// <summary>Its place among the architecture's registers, from 0.</summary>
    public int Index { get; } = index;

    /// <summary>Its name as gdb spells it, such as "rax" or "fs_base".</summary>
    public string Name { get; } = name;

    /// <summary>Its size in bytes, at most 8.</summary>
    public int Size { get; } = size;

    /// <summary>The number that DWARF gives it; null when DWARF has none.</summary>
    public int? DwarfNumber { get; init; }

    /// <summary>The effect of a function call on it.</summary>
    internal RegisterPreservation Preservation { get; init; }

    /// <summary>Other names that users may call it by, in lower case.</summary>
    public IReadOnlyList<string> OtherNames { get; init; } = [];

    /// <summary>
    /// The names of members that hold it in structs where operating systems save registers, the most usual first;
    /// empty when it is not looked for in such structs.
    /// </summary>
    public IReadOnlyList<string> SavedNames { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() => Name;
}
