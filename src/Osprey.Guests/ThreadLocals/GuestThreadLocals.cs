namespace Osprey.Guests.ThreadLocals;

/// <summary>The thread-local variables of one loaded file, of one thread.</summary>
/// <param name="Start">
/// Address of the thread's own block; null when the thread has not used it yet, so that it has none.
/// </param>
/// <param name="Size">The size of the block in bytes.</param>
/// <param name="Template">Address of the bytes that a new block begins with.</param>
/// <param name="TemplateSize">The number of these bytes; a new block has zeros behind them.</param>
public sealed record GuestThreadLocals(ulong? Start, ulong Size, ulong Template, ulong TemplateSize);
