namespace Osprey.Tests.Guests.Report;

/// <summary>Memory that init made, such as "readonly" or "hugetlb".</summary>
internal sealed record GuestRegion(int Space, string Name, ulong Address, ulong Size);
