using Osprey.Guests.Threads;
using Osprey.Symbols.Types;
using Osprey.Values;
using Osprey.Values.Printing;

namespace Osprey.Session.Answers.Guests.ThreadLocals;

/// <summary>The value of a thread-local variable in one thread.</summary>
/// <param name="Thread">The thread.</param>
/// <param name="Value">The value.</param>
/// <param name="IsInitial">
/// True when the thread has not used the file's thread-locals yet, so that this is the value that it will begin with.
/// </param>
public sealed record ThreadLocalRow(GuestThreadState Thread, Value Value, bool IsInitial)
{
    /// <summary>The columns.</summary>
    public static Shape<ThreadLocalRow> Shape { get; } =
        new Shape<ThreadLocalRow>("values")
            .Unsigned("id", row => row.Thread.Id)
            .Text("name", row => row.Thread.Name)
            .Text("type", row => TypeNames.Spell(row.Value.Type))
            .OnlyInData()
            .Address("address", row => row.IsInitial ? null : row.Value.Address)
            .Value("value", row => new GuestValue(row.Value, ValueTextOptions.Default))
            .Boolean("initial", row => row.IsInitial)
            .OnlyInData()
            .Text("note", row => row.IsInitial ? "not used by this thread yet: the value to begin with" : null)
            .OnlyInText();
}
