namespace Osprey.Guests.Osv.Threads;

/// <summary>A read-write lock of OSv that somebody waits for.</summary>
/// <param name="Address">Its address.</param>
/// <param name="IsWritten">True when a writer holds it.</param>
/// <param name="Writer">Address of the thread that holds it to write or is the next to; 0 when there is none.</param>
/// <param name="Readers">The number of threads that hold it to read: OSv does not note which.</param>
internal sealed record OsvReadWriteLock(ulong Address, bool IsWritten, ulong Writer, int Readers);
