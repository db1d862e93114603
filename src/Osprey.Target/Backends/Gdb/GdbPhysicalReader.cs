namespace Osprey.Target.Backends.Gdb;

/// <summary>
/// Copies guest-physical memory that is known to be there; stops at the first byte that can't be read.
/// </summary>
/// <returns>The bytes copied.</returns>
internal delegate int GdbPhysicalReader(ulong address, Span<byte> buffer);
