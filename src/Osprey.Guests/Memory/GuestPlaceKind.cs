namespace Osprey.Guests.Memory;

/// <summary>The kinds of things that an address may belong to, the most specific first.</summary>
public enum GuestPlaceKind
{
    /// <summary>A function or variable of a program.</summary>
    Symbol,

    /// <summary>A thread's object in the kernel.</summary>
    Thread,

    /// <summary>The kernel's object for a CPU.</summary>
    Cpu,

    /// <summary>A thread's stack.</summary>
    Stack,

    /// <summary>The variables that a CPU has for itself.</summary>
    PerCpu,

    /// <summary>A page of page tables.</summary>
    PageTable,

    /// <summary>Memory that the kernel's allocator handed out.</summary>
    HeapObject,

    /// <summary>Memory of the kernel's allocator that is free.</summary>
    Free,

    /// <summary>A program or library that is loaded.</summary>
    Program,

    /// <summary>A range that was mapped for a program.</summary>
    Mapping,

    /// <summary>A part of the address space that the kernel's allocator uses.</summary>
    HeapArea,

    /// <summary>The kernel's own map of physical memory.</summary>
    LinearMap,

    /// <summary>Physical memory that page tables lead to; what for is not known.</summary>
    Physical,
}
