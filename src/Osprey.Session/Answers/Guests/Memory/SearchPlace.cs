using Osprey.Target.Memory;

namespace Osprey.Session.Answers.Guests.Memory;

/// <summary>The place of one match of a search.</summary>
/// <param name="Physical">Its physical address.</param>
/// <param name="Virtual">
/// A virtual address that leads there, one with a symbol first; null when no page of this address space does.
/// </param>
/// <param name="Owner">
/// The symbol that it lies in, or the program, or the block of physical memory; null when none is known.
/// </param>
/// <param name="BytesStart">The physical address of <paramref name="Bytes"/>.</param>
/// <param name="Bytes">What is there and around it.</param>
public sealed record SearchPlace(
    PhysicalAddress Physical,
    ulong? Virtual,
    string? Owner,
    PhysicalAddress BytesStart,
    ReadOnlyMemory<byte> Bytes
);
