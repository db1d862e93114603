namespace Osprey.Binary.Elf.Relocatable;

/// <summary>The way a relocation's value goes into the bytes of a section.</summary>
internal enum RelocationAction
{
    /// <summary>The value replaces the bytes.</summary>
    Set,

    /// <summary>The distance from the bytes' own address replaces them.</summary>
    SetRelative,

    /// <summary>The offset of a thread-local in its section replaces the bytes.</summary>
    SetOffset,

    /// <summary>The value is added to the bytes.</summary>
    Add,

    /// <summary>The value is subtracted from the bytes.</summary>
    Subtract,
}
