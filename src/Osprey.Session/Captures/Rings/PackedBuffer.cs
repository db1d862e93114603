namespace Osprey.Session.Captures.Rings;

/// <summary>A buffer of a packed ring.</summary>
/// <param name="Id">The number by which the device gives it back.</param>
/// <param name="Count">The descriptors that it takes.</param>
/// <param name="Chain">Its parts; null when they were overwritten before they could be read.</param>
internal readonly record struct PackedBuffer(ushort Id, int Count, DescriptorChain? Chain);
