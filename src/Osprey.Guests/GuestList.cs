namespace Osprey.Guests;

/// <summary>A list that a guest's kernel keeps, as it was read from outside.</summary>
/// <typeparam name="T">An element.</typeparam>
/// <param name="Items">The elements, in the order that the reader gives them.</param>
/// <param name="Defects">
/// The reasons why the list may lack some or be torn, in words; empty when all that the kernel says it has are there.
/// </param>
public sealed record GuestList<T>(IReadOnlyList<T> Items, IReadOnlyList<string> Defects);
