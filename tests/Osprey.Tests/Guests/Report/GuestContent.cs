namespace Osprey.Tests.Guests.Report;

/// <summary>Bytes that are at a virtual address.</summary>
/// <param name="Name">What is there.</param>
/// <param name="Address">Where its first byte is.</param>
/// <param name="Bytes">The bytes.</param>
internal sealed record GuestContent(string Name, ulong Address, byte[] Bytes);
