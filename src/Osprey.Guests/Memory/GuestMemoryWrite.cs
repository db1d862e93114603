namespace Osprey.Guests.Memory;

/// <summary>Bytes of a guest's memory that are to be replaced.</summary>
/// <param name="Owner">The thing that they belong to, by name, such as a tracepoint.</param>
/// <param name="Part">The part of it that they are: the kernel's name for it.</param>
/// <param name="Address">Address of the first byte.</param>
/// <param name="Before">The bytes as they were read; nothing is to be written over any others.</param>
/// <param name="After">The bytes to write, as many.</param>
/// <param name="IsCode">
/// Whether they are one instruction: no vCPU may stand behind its first byte, and the guest must forget what it
/// translated.
/// </param>
public sealed record GuestMemoryWrite(
    string Owner,
    string Part,
    ulong Address,
    ReadOnlyMemory<byte> Before,
    ReadOnlyMemory<byte> After,
    bool IsCode
);
